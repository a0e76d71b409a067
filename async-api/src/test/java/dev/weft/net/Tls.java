package dev.weft.net;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.provider.Arguments;

/** What the tests of TLS have in common. */
final class Tls {
  static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  /** For peers that block: there may be fewer threads in the common pool. */
  static final Executor ON_ITS_OWN =
      task -> {
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        thread.start();
      };

  private Tls() {}

  static java.util.stream.Stream<Arguments> transportsAndVersions() {
    return java.util.Arrays.stream(Transport.values())
        .filter(transport -> transport != Transport.AUTO)
        .flatMap(
            transport ->
                java.util.Arrays.stream(VERSIONS).map(version -> Arguments.of(transport, version)));
  }

  static TlsAcceptor.Builder acceptor() {
    return TlsAcceptor.builder().certificate(Pki.get().localhost.chain, Pki.get().localhost.key);
  }

  static TlsConnector.Builder connector() {
    return TlsConnector.builder().trust(Pki.get().ca);
  }

  /** Accepts one connection, and does with it what it is told. */
  static <T> CompletableFuture<T> server(
      TcpListener listener, TlsAcceptor acceptor, Function<TcpStream, CompletableFuture<T>> body) {
    return listener.accept().thenCompose(acceptor::accept).thenCompose(body);
  }

  /** The JDK's client; connected, not handshaken. */
  static SSLSocket client(TcpListener listener, SSLContext context, String version)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    Net.connect(listener), "localhost", listener.localAddress().getPort(), true);
    socket.setSoTimeout(Net.SECONDS * 1000);
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  static TcpStream connect(WorkStealingExecutor executor, int port) throws Exception {
    return Net.get(
        TcpStream.connect(
            executor,
            new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            TcpOptions.defaults()));
  }

  static Throwable plain(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /** What a task fails with. */
  static Throwable failureOf(CompletableFuture<?> task) throws Exception {
    try {
      Object value = Net.get(task);
      throw new AssertionError("has not failed: " + value);
    } catch (AssertionError ours) {
      throw ours;
    } catch (Throwable failure) {
      return plain(failure);
    }
  }
}
