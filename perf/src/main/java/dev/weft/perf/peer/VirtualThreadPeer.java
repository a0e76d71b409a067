package dev.weft.perf.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A virtual thread per connection, with blocking sockets. Its threads are those of the JVM's
 * scheduler: {@code -Djdk.virtualThreadScheduler.parallelism}.
 */
final class VirtualThreadPeer {
  /** Compiled for Java 17, which has none. */
  private static final MethodHandle START = findStart();

  private VirtualThreadPeer() {}

  private static MethodHandle findStart() {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              Thread.class,
              "startVirtualThread",
              MethodType.methodType(Thread.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "Virtual threads need JDK 21 or later, and this is JDK " + Runtime.version().feature(),
          e);
    }
  }

  /** Starts it, and returns its port. A frame size of 0 stands for the plain protocol. */
  static int start(int frame) throws IOException {
    ServerSocket listener = new ServerSocket(0, PeerMain.BACKLOG, InetAddress.getLoopbackAddress());
    ExecutorService elsewhere = Executors.newCachedThreadPool();
    Thread unused = startThread(() -> accept(listener, frame, elsewhere));
    return listener.getLocalPort();
  }

  /** Starts a virtual thread. */
  static Thread startThread(Runnable body) {
    try {
      return (Thread) START.invokeExact(body);
    } catch (Throwable e) {
      throw new IllegalStateException("A virtual thread could not be started", e);
    }
  }

  private static void accept(ServerSocket listener, int frame, ExecutorService elsewhere) {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread unused = startThread(() -> serve(socket, frame, elsewhere));
      }
    } catch (IOException e) {
      System.err.println("peer: cannot accept: " + e.getMessage());
    }
  }

  private static void serve(Socket socket, int frame, ExecutorService elsewhere) {
    try (socket) {
      socket.setTcpNoDelay(true);
      if (frame == 0) {
        echo(socket);
      } else {
        framed(socket, frame, elsewhere);
      }
    } catch (IOException e) {
      // the client sees it too
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void echo(Socket socket) throws IOException {
    byte[] buffer = new byte[PeerMain.BUFFER];
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    for (int count; (count = in.read(buffer)) >= 0; ) {
      out.write(buffer, 0, count);
    }
  }

  private static void framed(Socket socket, int size, ExecutorService elsewhere)
      throws IOException, InterruptedException, ExecutionException {
    byte[] buffer = new byte[Math.max(size, PeerMain.BUFFER)];
    ByteBuffer numbers = ByteBuffer.wrap(buffer);
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    int length = 0;
    for (int count; (count = in.read(buffer, length, buffer.length - length)) >= 0; ) {
      length += count;
      int done = 0;
      for (; length - done >= size; done += size) {
        int micros = numbers.getInt(done + 1);
        switch (buffer[done]) {
          case Burn.INLINE -> Burn.micros(micros);
          case Burn.ELSEWHERE -> elsewhere.submit(() -> Burn.micros(micros)).get();
          default -> {}
        }
      }
      out.write(buffer, 0, done);
      System.arraycopy(buffer, done, buffer, 0, length - done);
      length -= done;
    }
  }
}
