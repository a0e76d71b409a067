package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A handshake that is cancelled, after each number of bytes that has come from the peer: then
 * nothing is held, and the peer sees a reset; or it was done before, and then it is of use.
 */
@ExtendWith(LeakCheck.class)
@Timeout(240)
class TlsCancellationTest {
  /** Bytes of the peer's after which it is cancelled: within each of its messages, and between. */
  private static final int STEP = 97;

  /** By so many bytes, and some, the lengths of a server's signatures differ. */
  private static final int SIGNATURE = 16;

  @EachTransport
  void accept(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      int port = listener.localAddress().getPort();
      int whole = bytesOfAHandshake(listener, acceptor);
      int cancelled = 0;
      for (int bytes = 0; bytes < whole; bytes += STEP) {
        try (Throttle throttle = new Throttle(port, bytes)) {
          CompletableFuture<Void> client =
              CompletableFuture.runAsync(() -> handshake(throttle.port()), Tls.ON_ITS_OWN);
          TcpStream stream = Net.get(listener.accept());
          Task<TcpStream> accepting = acceptor.accept(stream);
          Net.get(throttle.used);
          accepting.cancel(true);
          assertThat(Tls.failureOf(stream.read())).isInstanceOf(IOException.class);
          stream.close();
          Net.await("the client has ended", client::isDone);
          cancelled++;
        }
      }
      assertThat(cancelled).isGreaterThan(3);
      assertThat(acceptor.handshakes()).isEqualTo(1);
    }
  }

  @EachTransport
  void connect(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TcpServer server =
          TcpServer.start(executor, listener, Tls.acceptor().build().serving(Net::echo));
      int port = listener.localAddress().getPort();
      int whole;
      try (Throttle throttle = Throttle.ofAnswers(port, Integer.MAX_VALUE)) {
        Net.get(connecting(executor, throttle)).close();
        whole = throttle.passed;
      }
      int cancelled = 0;
      for (int bytes = 0; bytes < whole - SIGNATURE; bytes += STEP) {
        try (Throttle throttle = Throttle.ofAnswers(port, bytes)) {
          Task<TcpStream> connecting = connecting(executor, throttle);
          Net.get(throttle.used);
          if (connecting.cancel(true)) {
            cancelled++;
          } else { // those were tickets, which come after the handshake
            Net.get(connecting).close();
          }
          Net.await("the throttle's client has gone", throttle.clientHasGone::isDone);
        }
      }
      assertThat(cancelled).isGreaterThan(3);
      Net.await("no connection is left", () -> server.open() == 0);
    }
  }

  /** The name is looked up, the connection made, and the handshake: cancelled in any of them. */
  @EachTransport
  void connectByItself(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TcpServer server =
          TcpServer.start(executor, listener, Tls.acceptor().build().serving(Net::echo));
      TlsConnector connector = Tls.connector().build();
      int port = listener.localAddress().getPort();
      for (int round = 0; round < 60; round++) {
        Task<TcpStream> connecting = executor.spawn(() -> connector.connect("localhost", port));
        for (int turn = 0; turn < round && !connecting.isDone(); turn++) {
          Net.get(executor.spawn(Async::done)); // so often the workers have looked at what there is
        }
        if (!connecting.cancel(true) && !connecting.isCompletedExceptionally()) {
          connecting.join().close();
        }
      }
      Net.await("no connection is left", () -> server.open() == 0);
    }
  }

  /** A server's connection, cancelled in the handshake by the end of a drain's time. */
  @EachTransport
  void serving(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener probe = Net.listen(executor)) {
      int whole = bytesOfAHandshake(probe, Tls.acceptor().build());
      for (int bytes = 0; bytes < whole; bytes += 3 * STEP) {
        TcpListener listener = Net.listen(executor);
        TlsAcceptor acceptor = Tls.acceptor().build();
        TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo));
        try (Throttle throttle = new Throttle(listener.localAddress().getPort(), bytes)) {
          CompletableFuture<Void> client =
              CompletableFuture.runAsync(() -> handshake(throttle.port()), Tls.ON_ITS_OWN);
          Net.get(throttle.used);
          Net.await("it is open", () -> server.open() == 1);
          TcpServer.DrainReport report = Net.get(server.drain(Duration.ZERO));
          assertThat(report.ended() + report.reset()).isEqualTo(1);
          Net.await("the client has ended", client::isDone);
        }
        assertThat(server.open()).isZero();
        assertThat(acceptor.handshakes()).isZero();
        assertThat(acceptor.failedHandshakes()).isEqualTo(1);
      }
    }
  }

  private static Task<TcpStream> connecting(WorkStealingExecutor executor, Throttle throttle)
      throws IOException {
    TlsConnector connector = Tls.connector().build();
    return executor.spawn(() -> connector.connect("localhost", throttle.port()));
  }

  private static int bytesOfAHandshake(TcpListener listener, TlsAcceptor acceptor)
      throws Exception {
    try (Throttle throttle = new Throttle(listener.localAddress().getPort(), Integer.MAX_VALUE)) {
      CompletableFuture<Void> client =
          CompletableFuture.runAsync(() -> handshake(throttle.port()), Tls.ON_ITS_OWN);
      TcpStream stream = Net.get(listener.accept());
      Net.get(acceptor.accept(stream));
      int passed = throttle.passed;
      stream.close();
      Net.await("the client has ended", client::isDone);
      return passed;
    }
  }

  private static void handshake(int port) {
    try (SSLSocket socket =
        (SSLSocket)
            Pki.context(null)
                .getSocketFactory()
                .createSocket(new Socket("127.0.0.1", port), "localhost", port, true)) {
      socket.setSoTimeout(Net.SECONDS * 1000);
      socket.startHandshake();
      socket.getInputStream().read();
    } catch (Exception cutOff) {
      // which is what this is about
    }
  }

  /** Passes so many bytes on from one side, and then none; all that comes from the other. */
  private static final class Throttle implements AutoCloseable {
    final CompletableFuture<Void> used = new CompletableFuture<>();
    final CompletableFuture<Void> clientHasGone = new CompletableFuture<>();
    volatile int passed;
    private final ServerSocket front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Of what the client says. */
    Throttle(int port, int bytes) throws IOException {
      this(port, bytes, false);
    }

    private Throttle(int port, int bytes, boolean answers) throws IOException {
      start("throttle", () -> run(port, bytes, answers));
    }

    /** Of what the server says. */
    static Throttle ofAnswers(int port, int bytes) throws IOException {
      return new Throttle(port, bytes, true);
    }

    int port() {
      return front.getLocalPort();
    }

    private static void start(String name, Runnable body) {
      Thread thread = new Thread(body, name);
      thread.setDaemon(true);
      thread.start();
    }

    private void run(int port, int bytes, boolean answers) {
      try (Socket client = front.accept();
          Socket server = new Socket("127.0.0.1", port)) {
        Socket from = answers ? server : client;
        Socket to = answers ? client : server;
        start("throttle-back", () -> pass(to, from, answers));
        int next;
        while (passed < bytes && (next = from.getInputStream().read()) >= 0) {
          to.getOutputStream().write(next);
          passed++;
        }
        used.complete(null);
        done.get();
      } catch (Exception ended) {
        used.complete(null);
      }
    }

    private void pass(Socket from, Socket to, boolean answers) {
      try (to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException ended) {
        // then no more comes
      }
      if (answers) {
        clientHasGone.complete(null);
      }
    }

    @Override
    public void close() throws IOException {
      done.complete(null);
      front.close();
    }
  }
}
