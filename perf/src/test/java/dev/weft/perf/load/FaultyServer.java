package dev.weft.perf.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** An echo server, a thread per connection, with a fault planted. */
final class FaultyServer implements AutoCloseable {
  /** What happens to a message. */
  interface Fault {
    /** The reply to message {@code number}, counted over all connections from 1 on; null: none. */
    byte[] reply(byte[] message, long number) throws InterruptedException;
  }

  private final ServerSocket listener;
  private final int size;
  private final Fault fault;
  private final AtomicLong messages = new AtomicLong();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  FaultyServer(int size, Fault fault) throws IOException {
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    this.size = size;
    this.fault = fault;
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void start(Runnable body) {
    Thread thread = new Thread(body, "faulty-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // by the test
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      byte[] message = new byte[size];
      while (true) {
        in.readFully(message);
        byte[] reply = fault.reply(message, messages.incrementAndGet());
        if (reply != null) {
          out.write(reply);
        }
      }
    } catch (EOFException end) {
      // the generator has what it wanted
    } catch (IOException | InterruptedException closed) {
      // the generator, or the test, has ended
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
