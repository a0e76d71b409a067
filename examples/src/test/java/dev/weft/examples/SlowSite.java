package dev.weft.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * A web server for one request, which stops where it is told to, says so, and then looks at what
 * the client does: whether it closes the connection. A plain blocking socket, so that what it sees
 * is what goes over the wire.
 */
final class SlowSite implements AutoCloseable {
  /** Where the server stops. */
  enum Stop {
    BEFORE_THE_HEAD(0),
    IN_THE_HEAD(20),
    BEFORE_THE_BODY(39),
    IN_THE_BODY(46);

    private final int sent;

    Stop(int sent) {
      this.sent = sent;
    }
  }

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

  private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CompletableFuture<Boolean> clientHasGone = new CompletableFuture<>();
  private final CountDownLatch goOn = new CountDownLatch(1);

  SlowSite(Stop stop) throws IOException {
    Thread thread = new Thread(() -> serve(stop), "slow-site");
    thread.setDaemon(true);
    thread.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/");
  }

  /** Done when the server has sent what it sends before it stops. */
  CompletableFuture<Void> stopped() {
    return stopped;
  }

  /** Done when the client has closed its connection, or reset it; while the server stands still. */
  CompletableFuture<Boolean> clientHasGone() {
    return clientHasGone;
  }

  /** Has the server send the rest of the answer. */
  void finish() {
    goOn.countDown();
  }

  private void serve(Stop stop) {
    try (Socket socket = listening.accept()) {
      InputStream in = socket.getInputStream();
      readHead(in);
      Thread watching = new Thread(() -> watch(in), "slow-site-watch");
      watching.setDaemon(true);
      byte[] answer = ANSWER.getBytes(StandardCharsets.US_ASCII);
      OutputStream out = socket.getOutputStream();
      out.write(answer, 0, stop.sent);
      watching.start();
      stopped.complete(null);
      goOn.await();
      out.write(answer, stop.sent, answer.length - stop.sent);
      watching.join();
    } catch (IOException | InterruptedException gone) {
      stopped.completeExceptionally(gone);
    }
  }

  private void watch(InputStream in) {
    try {
      clientHasGone.complete(in.read() < 0);
    } catch (IOException reset) {
      clientHasGone.complete(true);
    }
  }

  private static void readHead(InputStream in) throws IOException {
    for (int ends = 0; ends < 2; ) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client has gone too early");
      }
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
    }
  }

  @Override
  public void close() throws IOException {
    finish();
    listening.close();
  }
}
