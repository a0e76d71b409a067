package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A thread of this JVM that echoes for one client: what the machine itself makes a client wait, to
 * compare with.
 */
final class PlainEcho implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

  /** Listens. */
  PlainEcho() throws IOException {
    Thread thread = new Thread(this::serve, "plain-echo");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try (Socket client = listener.accept()) {
      client.setTcpNoDelay(true);
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException ended) {
      // the client, or close()
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
