package dev.weft.weaver.lifetimes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The peer of all sockets: sends back what it gets, and knows how many connections are open. */
public final class EchoServer {
  private static final EchoServer SERVER = new EchoServer();

  private final ServerSocket listener;
  private final AtomicInteger open = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          action -> {
            Thread thread = new Thread(action, "echo");
            thread.setDaemon(true);
            return thread;
          });

  private EchoServer() {
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public static int port() {
    return SERVER.listener.getLocalPort();
  }

  /** Connections that no peer has closed. */
  static int open() {
    return SERVER.open.get();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        open.incrementAndGet();
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException reset) {
      // by a peer that was cancelled
    } finally {
      open.decrementAndGet();
    }
  }
}
