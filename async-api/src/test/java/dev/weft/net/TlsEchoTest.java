package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes go both ways and arrive as they were sent, with the JDK's TLS on the other side. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TlsEchoTest {
  private static final int MUCH = 300_000;

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aServerEchoesToTheJdk(Transport transport, String version) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      AtomicReference<TlsSession> session = new AtomicReference<>();
      CompletableFuture<Void> served =
          Tls.server(
              listener,
              acceptor,
              stream -> {
                session.set(TlsSession.of(stream));
                return Net.echo(stream).thenRun(stream::close);
              });
      byte[] sent = new byte[MUCH];
      new Random(1).nextBytes(sent);
      try (SSLSocket client = Tls.client(listener, Pki.context(null), version)) {
        client.startHandshake();
        CompletableFuture<byte[]> back =
            CompletableFuture.supplyAsync(() -> read(client, MUCH), Tls.ON_ITS_OWN);
        writeInParts(client.getOutputStream(), sent, new Random(2));
        assertThat(Net.get(back)).isEqualTo(sent);
        if (version.equals("TLSv1.3")) {
          client.shutdownOutput();
          assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
      }
      Net.get(served);
      assertThat(session.get().protocol()).isEqualTo(version);
      assertThat(session.get().cipher()).startsWith("TLS_");
      assertThat(session.get().resumed()).isFalse();
      assertThat(acceptor.handshakes()).isEqualTo(1);
      assertThat(acceptor.failedHandshakes()).isZero();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aClientSpeaksToTheJdk(Transport transport, String version) throws Exception {
    byte[] sent = new byte[MUCH];
    new Random(3).nextBytes(sent);
    try (WorkStealingExecutor executor = Net.executor(transport);
        SSLServerSocket server =
            (SSLServerSocket)
                Pki.context(Pki.get().localhost).getServerSocketFactory().createServerSocket(0)) {
      server.setEnabledProtocols(new String[] {version});
      // Not in the common pool, which may have one thread: the writer goes on in it.
      CompletableFuture<Void> echoing =
          CompletableFuture.runAsync(() -> echoOnce(server), Tls.ON_ITS_OWN);
      TcpStream stream = Tls.connect(executor, server.getLocalPort());
      TlsConnector connector = Tls.connector().build();
      assertThat(Net.get(connector.connect(stream, "localhost"))).isSameAs(stream);
      TlsSession session = TlsSession.of(stream);
      assertThat(session.protocol()).isEqualTo(version);
      assertThat(session.serverName()).isEqualTo("localhost");
      assertThat(session.peerCertificates()).hasSize(1);
      CompletableFuture<Void> written = writeInParts(stream, sent, 0, new Random(4));
      ByteBuf back = Net.get(stream.readExactly(MUCH));
      assertThat(Net.bytes(back)).isEqualTo(sent);
      Net.get(written);
      stream.close();
      Net.get(echoing);
    }
  }

  private static CompletableFuture<Void> writeInParts(
      TcpStream stream, byte[] bytes, int from, Random random) {
    if (from == bytes.length) {
      return CompletableFuture.completedFuture(null);
    }
    int length = Math.min(bytes.length - from, part(random));
    byte[] part = java.util.Arrays.copyOfRange(bytes, from, from + length);
    return stream
        .write(Net.buf(part))
        .thenComposeAsync(done -> writeInParts(stream, bytes, from + length, random));
  }

  private static int part(Random random) {
    return random.nextInt(3) == 0 ? 1 + random.nextInt(9) : 1 + random.nextInt(40_000);
  }

  private static void writeInParts(OutputStream out, byte[] bytes, Random random) throws Exception {
    for (int from = 0; from < bytes.length; ) {
      int length = Math.min(bytes.length - from, part(random));
      out.write(bytes, from, length);
      from += length;
    }
  }

  private static void echoOnce(SSLServerSocket server) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.setSoTimeout(Net.SECONDS * 1000);
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] read(SSLSocket socket, int length) {
    try {
      InputStream in = socket.getInputStream();
      return in.readNBytes(length);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
