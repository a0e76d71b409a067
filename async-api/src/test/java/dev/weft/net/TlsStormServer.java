package dev.weft.net;

import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@code interop/tls/storm} loads: an echo on a plain port, and beside it, by the same
 * executor, a port with TLS that answers whatever comes first as HTTP/1.0, and closes. Prints the
 * two ports, and serves until the process is ended.
 */
final class TlsStormServer {
  private static final String ANSWER = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

  private TlsStormServer() {}

  public static void main(String[] args) throws Exception {
    WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
    TlsAcceptor acceptor =
        TlsAcceptor.builder()
            .certificate(Pki.get().rsa.chain, Pki.get().rsa.key)
            .handshakeTimeout(Duration.ofMinutes(1))
            .build();
    TcpListener plain = Net.listen(executor);
    TcpListener tls = Net.listen(executor);
    TcpServer.start(executor, plain, Net::echo);
    TcpServer.start(executor, tls, acceptor.serving(TlsStormServer::answer));
    System.out.println(plain.localAddress().getPort() + " " + tls.localAddress().getPort());
    Thread.currentThread().join(); // for ever: an executor keeps no process alive
  }

  private static CompletableFuture<@Nullable Void> answer(TcpStream stream) {
    return stream
        .read()
        .thenCompose(
            request -> {
              if (request == null) {
                return CompletableFuture.completedFuture(null);
              }
              request.release();
              return stream.writeAll(ANSWER);
            });
  }
}
