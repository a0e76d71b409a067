package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said when a handshake fails, and what the peer gets to see of it. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TlsFailureTest {
  @EachTransport
  void whoSpeaksHttpIsToldApart(Transport transport) throws Exception {
    assertThatPlainBytes(transport, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .hasMessageContaining(": The peer does not speak TLS: it has sent HTTP");
  }

  @EachTransport
  void garbageIsNoTls(Transport transport) throws Exception {
    assertThatPlainBytes(transport, "qwertyuiop asdfghjkl")
        .hasMessageContaining(": The peer does not speak TLS");
  }

  /** The plain peer sees an end, and no reset. */
  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
      assertThatPlainBytes(Transport transport, String sent) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      CompletableFuture<TcpStream> served =
          Tls.server(listener, acceptor, CompletableFuture::completedFuture);
      Throwable failure;
      try (Socket client = Net.connect(listener)) {
        client.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        failure = Tls.failureOf(served);
        assertThat(Net.isReset(client)).isFalse();
      }
      assertThat(acceptor.failedHandshakes()).isEqualTo(1);
      return assertThat(failure).isInstanceOf(TlsException.class).hasMessageStartingWith("127.0.");
    }
  }

  @EachTransport
  void aSilentPeerIsResetWhenItsTimeIsUp(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().handshakeTimeout(Duration.ofMillis(20)).build();
      CompletableFuture<TcpStream> served =
          Tls.server(listener, acceptor, CompletableFuture::completedFuture);
      try (Socket client = Net.connect(listener)) {
        client.getOutputStream().write(22);
        assertThat(Tls.failureOf(served))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining("No end of the handshake within 0.02 s");
        assertThat(Net.isReset(client)).isTrue();
      }
    }
  }

  @EachTransport
  void aPeerThatLeavesInTheHandshakeHasClosed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(listener, Tls.acceptor().build(), CompletableFuture::completedFuture);
      try (Socket client = Net.connect(listener)) {
        client.getOutputStream().write(22);
        client.shutdownOutput();
        assertThat(Tls.failureOf(served))
            .isInstanceOf(TlsException.class)
            .hasMessageEndingWith("The peer has closed the connection during the handshake");
      }
    }
  }

  @EachTransport
  void aResetInTheHandshakeIsOne(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> accepted = listener.accept();
      Socket client = Net.connect(listener);
      client.getOutputStream().write(22);
      try (TcpStream stream = Net.get(accepted)) { // one that is reset before is never handed out
        CompletableFuture<TcpStream> served = Tls.acceptor().build().accept(stream);
        Net.reset(client);
        assertThat(Tls.failureOf(served)).isInstanceOf(IOException.class);
      }
    }
  }

  // ---- a server that is not who it should be

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void anotherNameIsRefused(Transport transport, String version) throws Exception {
    assertThatConnecting(transport, version, Pki.get().shop, Pki.get().ca)
        .hasMessageEndingWith("The peer's certificate is not for localhost");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void anExpiredOneIsRefused(Transport transport, String version) throws Exception {
    assertThatConnecting(transport, version, Pki.get().expired, Pki.get().ca)
        .hasMessageContaining("The peer's certificate has expired: NotAfter: ");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void oneThatNobodyTrustsIsRefused(Transport transport, String version) throws Exception {
    assertThatConnecting(transport, version, Pki.get().localhost, Pki.get().otherCa)
        .hasMessageEndingWith("The peer's certificate is signed by nobody who is trusted here");
  }

  /** The JDK's server is told by an alert. */
  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable>
      assertThatConnecting(
          Transport transport, String version, Pki.Certified shown, java.nio.file.Path trusted)
          throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        SSLServerSocket server =
            (SSLServerSocket) Pki.context(shown).getServerSocketFactory().createServerSocket(0)) {
      server.setEnabledProtocols(new String[] {version});
      CompletableFuture<Throwable> atServer =
          CompletableFuture.supplyAsync(() -> failure(server), Tls.ON_ITS_OWN);
      TcpStream stream = Tls.connect(executor, server.getLocalPort());
      Throwable failure =
          Tls.failureOf(TlsConnector.builder().trust(trusted).build().connect(stream, "localhost"));
      assertThat(Net.get(atServer))
          .isInstanceOf(SSLException.class)
          .hasMessageMatching("(\\(\\w+\\) )?Received fatal alert: certificate_(unknown|expired)");
      assertThat(Tls.failureOf(stream.read())).hasMessage(failure.getMessage());
      stream.close();
      return assertThat(failure).isInstanceOf(TlsException.class).hasMessageStartingWith("127.0.");
    }
  }

  private static Throwable failure(SSLServerSocket server) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.setSoTimeout(Net.SECONDS * 1000);
      return new AssertionError("the client has sent " + socket.getInputStream().read());
    } catch (IOException e) {
      return e;
    }
  }

  // ---- a client that is not welcome

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aClientWithoutACertificateIsTold(Transport transport, String version) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(listener, strict().build(), CompletableFuture::completedFuture);
      assertThat(clientFails(listener, executor, Tls.connector().protocols(version)))
          .hasMessageMatching(
              ".*The peer (.*requires a certificate of ours|refused our certificate).*");
      assertThat(Tls.failureOf(served))
          .isInstanceOf(TlsException.class)
          .hasMessageEndingWith("The peer has shown no certificate, and one is required");
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aStrangersCertificateIsRefused(Transport transport, String version) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(listener, strict().build(), CompletableFuture::completedFuture);
      TlsConnector.Builder client =
          Tls.connector()
              .protocols(version)
              .certificate(Pki.get().stranger.chain, Pki.get().stranger.key);
      assertThat(clientFails(listener, executor, client))
          .hasMessageContaining("The peer refused our certificate: certificate_unknown");
      assertThat(Tls.failureOf(served))
          .hasMessageEndingWith("The peer's certificate is signed by nobody who is trusted here");
    }
  }

  private static TlsAcceptor.Builder strict() {
    return Tls.acceptor().clientAuth(TlsAcceptor.ClientAuth.REQUIRE).trust(Pki.get().ca);
  }

  /** By the handshake, or, as with TLS 1.3, by the first read. */
  private static Throwable clientFails(
      TcpListener listener, WorkStealingExecutor executor, TlsConnector.Builder client)
      throws Exception {
    TcpStream stream = Tls.connect(executor, listener.localAddress().getPort());
    try (stream) {
      return Tls.failureOf(
          client.build().connect(stream, "localhost").thenCompose(TcpStream::read));
    }
  }

  @EachTransport
  void noCommonVersionIsSaidOnBothSides(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(
              listener,
              Tls.acceptor().protocols("TLSv1.3").build(),
              CompletableFuture::completedFuture);
      assertThat(clientFails(listener, executor, Tls.connector().protocols("TLSv1.2")))
          .hasMessageContaining("The peer found no common protocol version");
      assertThat(Tls.failureOf(served)).hasMessageEndingWith("No common protocol version");
    }
  }

  @EachTransport
  void noCommonCipherIsSaidOnBothSides(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(
              listener,
              Tls.acceptor().ciphers("TLS_AES_256_GCM_SHA384").build(),
              CompletableFuture::completedFuture);
      TlsConnector.Builder client = Tls.connector().ciphers("TLS_CHACHA20_POLY1305_SHA256");
      assertThat(clientFails(listener, executor, client))
          .hasMessageContaining("The peer found no common cipher");
      assertThat(Tls.failureOf(served))
          .hasMessageContaining("No common cipher: the peer can do none of those");
    }
  }

  @EachTransport
  void noCommonApplicationProtocolIsRefused(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(
              listener, Tls.acceptor().alpn("h2").build(), CompletableFuture::completedFuture);
      assertThat(clientFails(listener, executor, Tls.connector().alpn("http/1.1")))
          .hasMessageContaining("The peer found no common application protocol (ALPN)");
      assertThat(Tls.failureOf(served))
          .hasMessageContaining("No common application protocol (ALPN)");
    }
  }

  @EachTransport
  void aServerWithoutTlsIsToldApart(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        ServerSocket server = new ServerSocket(0)) {
      TcpStream stream = Tls.connect(executor, server.getLocalPort());
      try (Socket accepted = server.accept()) {
        accepted.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(Tls.failureOf(Tls.connector().build().connect(stream, "localhost")))
            .isInstanceOf(TlsException.class)
            .isNotInstanceOf(SSLHandshakeException.class)
            .hasMessageEndingWith("The peer does not speak TLS: it has sent SSH");
      }
      stream.close();
    }
  }
}
