package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is agreed on: certificates by name, application protocols, sessions; and new certificates.
 */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TlsChoiceTest {
  private static final Pki PKI = Pki.get();

  /** What both sides have agreed on. */
  private record Agreed(TlsSession server, X509Certificate shown, String alpn) {}

  private static Agreed agree(
      TcpListener listener, TlsAcceptor acceptor, SSLContext context, String name, String... alpn)
      throws Exception {
    return agreeBy(listener, acceptor, context, "TLSv1.3", name, alpn);
  }

  private static Agreed agreeBy(
      TcpListener listener,
      TlsAcceptor acceptor,
      SSLContext context,
      String version,
      String name,
      String... alpn)
      throws Exception {
    CompletableFuture<TcpStream> served =
        Tls.server(listener, acceptor, CompletableFuture::completedFuture);
    try (SSLSocket client = Tls.client(listener, context, version)) {
      SSLParameters parameters = client.getSSLParameters();
      parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
      parameters.setApplicationProtocols(alpn);
      client.setSSLParameters(parameters);
      client.startHandshake();
      TcpStream stream = Net.get(served);
      Net.get(stream.writeAll("x"));
      client.getInputStream().read(); // the ticket as well, which comes before
      TlsSession session = TlsSession.of(stream);
      stream.close();
      return new Agreed(
          session,
          (X509Certificate) client.getSession().getPeerCertificates()[0],
          client.getApplicationProtocol());
    }
  }

  @EachTransport
  void eachNameHasItsCertificate(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      assertThatNamesAreServed(listener, TlsProvider.JDK);
    }
  }

  @Test
  void eachNameHasItsCertificateWithOpenSsl() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      assertThatNamesAreServed(listener, TlsProvider.OPENSSL);
    }
  }

  private static void assertThatNamesAreServed(TcpListener listener, TlsProvider provider)
      throws Exception {
    TlsAcceptor acceptor =
        Tls.acceptor()
            .provider(provider)
            .sni("shop.example", PKI.shop.chain, PKI.shop.key)
            .sni("*.wild.example", PKI.wild.chain, PKI.wild.key)
            .build();
    String[][] expected = {
      {"shop.example", "CN=shop.example"},
      {"SHOP.example", "CN=shop.example"},
      {"a.wild.example", "CN=wild"},
      {"a.b.wild.example", "CN=localhost"},
      {"elsewhere.example", "CN=localhost"},
      {null, "CN=localhost"}
    };
    for (String[] each : expected) {
      Agreed agreed = agree(listener, acceptor, Pki.context(null), each[0]);
      assertThat(agreed.shown().getSubjectX500Principal().getName())
          .as("for %s", each[0])
          .isEqualTo(each[1]);
      assertThat(agreed.server().serverName())
          .isEqualTo(each[0] == null ? null : each[0].toLowerCase(java.util.Locale.ROOT));
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void applicationProtocolsAreAgreedOn(TlsProvider provider) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().provider(provider).alpn("h2", "http/1.1").build();
      Agreed both = agree(listener, acceptor, Pki.context(null), "localhost", "http/1.1", "h2");
      assertThat(both.server().applicationProtocol()).isEqualTo("h2").isEqualTo(both.alpn());
      Agreed one = agree(listener, acceptor, Pki.context(null), "localhost", "http/1.1");
      assertThat(one.server().applicationProtocol()).isEqualTo("http/1.1").isEqualTo(one.alpn());
      Agreed none = agree(listener, acceptor, Pki.context(null), "localhost");
      assertThat(none.server().applicationProtocol()).isNull();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aSessionIsResumedUntilAReload(Transport transport, String version) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      SSLContext client = Pki.context(null); // which keeps the sessions
      assertThat(agreeBy(listener, acceptor, client, version, "localhost").server().resumed())
          .isFalse();
      awaitAnotherMillisecond();
      assertThat(agreeBy(listener, acceptor, client, version, "localhost").server().resumed())
          .isTrue();
      assertThat(acceptor.resumedHandshakes()).isEqualTo(1);
      acceptor.reload();
      assertThat(agreeBy(listener, acceptor, client, version, "localhost").server().resumed())
          .isFalse();
    }
  }

  /** By which a session of before is known. */
  private static void awaitAnotherMillisecond() throws InterruptedException {
    long now = System.currentTimeMillis();
    Net.await("another millisecond", () -> System.currentTimeMillis() > now);
  }

  @Test
  void ourClientResumesToo() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      TlsConnector connector = Tls.connector().build();
      for (int i = 0; i < 2; i++) {
        CompletableFuture<Void> served =
            Tls.server(listener, acceptor, stream -> Net.echo(stream).thenRun(stream::close));
        TcpStream stream = Tls.connect(executor, listener.localAddress().getPort());
        Net.get(connector.connect(stream, "localhost"));
        Net.get(stream.writeAll("x"));
        Net.text(Net.get(stream.read()));
        assertThat(TlsSession.of(stream).resumed()).isEqualTo(i > 0);
        stream.close();
        Net.get(served);
        awaitAnotherMillisecond();
      }
    }
  }

  @EachTransport
  void aReloadIsForNewConnections(Transport transport) throws Exception {
    Pki.Certified later = Pki.another("later-" + transport);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      CompletableFuture<Void> served =
          Tls.server(listener, acceptor, stream -> Net.echo(stream).thenRun(stream::close));
      try (SSLSocket open = Tls.client(listener, Pki.context(null), "TLSv1.3")) {
        Net.roundTrip(open);
        acceptor.reload(later.chain, later.key);
        assertThat(serial(listener, acceptor)).isEqualTo(later.serial());
        Net.roundTrip(open);
      }
      Net.get(served);
      acceptor.reload(); // from where it was said last
      assertThat(serial(listener, acceptor)).isEqualTo(later.serial());
    }
  }

  private static String serial(TcpListener listener, TlsAcceptor acceptor) throws Exception {
    return agree(listener, acceptor, Pki.context(null), "localhost")
        .shown()
        .getSerialNumber()
        .toString();
  }

  @Test
  void aBadFileLeavesTheOldOneInForce(@TempDir Path folder) throws Exception {
    Path chain = Files.copy(PKI.localhost.chain, folder.resolve("chain.pem"));
    Path key = Files.copy(PKI.localhost.key, folder.resolve("key.pem"));
    TlsAcceptor acceptor = TlsAcceptor.builder().certificate(chain, key).build();
    Files.copy(PKI.shop.chain, chain, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(acceptor::reload)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(chain.toString())
        .hasMessageContaining("The key does not belong to the certificate of CN=shop.example");
    Files.writeString(chain, "nothing");
    assertThatThrownBy(acceptor::reload)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(chain + ": There is no certificate in it");
    Files.delete(key);
    Files.copy(PKI.localhost.chain, chain, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(acceptor::reload)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(key + ": There is no such file");
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      assertThat(serial(listener, acceptor)).isEqualTo(PKI.localhost.serial());
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientsCertificateIsKnown(TlsProvider provider) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor =
          Tls.acceptor()
              .provider(provider)
              .clientAuth(TlsAcceptor.ClientAuth.REQUEST)
              .trust(PKI.ca)
              .build();
      TlsSession with = agree(listener, acceptor, Pki.context(PKI.client), "localhost").server();
      assertThat(with.peerCertificates().get(0).getSubjectX500Principal().getName())
          .isEqualTo("CN=client");
      TlsSession without = agree(listener, acceptor, Pki.context(null), "localhost").server();
      assertThat(without.peerCertificates()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void rsaAndStoresAreTaken(TlsProvider provider) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor =
          TlsAcceptor.builder()
              .provider(provider)
              .certificate(Pki.store(PKI.rsa), Pki.password())
              .build();
      assertThat(serial(listener, acceptor)).isEqualTo(PKI.rsa.serial());
      assertThat(agreeBy(listener, acceptor, Pki.context(null), "TLSv1.2", null).shown())
          .isEqualTo(PKI.rsa.bundle.getCertificate());
    }
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    assertThatThrownBy(() -> TlsAcceptor.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must have a certificate");
    assertThatThrownBy(() -> Tls.acceptor().protocols("TLSv9").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLSv9");
    assertThatThrownBy(() -> Tls.acceptor().trust(Path.of("nowhere.pem")).build())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere.pem: There is no such file");
  }
}
