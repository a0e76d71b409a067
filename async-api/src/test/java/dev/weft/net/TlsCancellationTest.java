package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
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
              CompletableFuture.runAsync(() -> handshake(throttle.port()));
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
      TlsAcceptor acceptor = Tls.acceptor().build();
      TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo));
      TlsConnector connector = Tls.connector().build();
      int port = listener.localAddress().getPort();
      for (int round = 0; round < 60; round++) {
        int turns = round;
        CompletableFuture<Void> cancelled =
            CompletableFuture.runAsync(
                () -> {
                  Task<TcpStream> connecting =
                      executor.spawn(() -> connector.connect("localhost", port));
                  long until = System.nanoTime() + turns * 200_000L;
                  while (System.nanoTime() < until && !connecting.isDone()) {
                    Thread.onSpinWait();
                  }
                  if (!connecting.cancel(true) && !connecting.isCompletedExceptionally()) {
                    connecting.join().close();
                  }
                });
        Net.get(cancelled);
      }
      Net.await("no connection is left", () -> server.open() == 0);
    }
  }

  private static int bytesOfAHandshake(TcpListener listener, TlsAcceptor acceptor)
      throws Exception {
    try (Throttle throttle = new Throttle(listener.localAddress().getPort(), Integer.MAX_VALUE)) {
      CompletableFuture<Void> client = CompletableFuture.runAsync(() -> handshake(throttle.port()));
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

  /** Passes so many bytes on to a server, and then none; all that comes back. */
  private static final class Throttle implements AutoCloseable {
    final CompletableFuture<Void> used = new CompletableFuture<>();
    volatile int passed;
    private final ServerSocket front = new ServerSocket(0);
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Throttle(int port, int bytes) throws IOException {
      Thread thread = new Thread(() -> run(port, bytes), "throttle");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return front.getLocalPort();
    }

    private void run(int port, int bytes) {
      try (Socket client = front.accept();
          Socket server = new Socket("127.0.0.1", port)) {
        Thread back = new Thread(() -> pass(server, client), "throttle-back");
        back.setDaemon(true);
        back.start();
        int next;
        while (passed < bytes && (next = client.getInputStream().read()) >= 0) {
          server.getOutputStream().write(next);
          passed++;
        }
        used.complete(null);
        done.get();
      } catch (Exception ended) {
        used.complete(null);
      }
    }

    private static void pass(Socket from, Socket to) {
      try (to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException ended) {
        // then no more comes
      }
    }

    @Override
    public void close() throws IOException {
      done.complete(null);
      front.close();
    }
  }
}
