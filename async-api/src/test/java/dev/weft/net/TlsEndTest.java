package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How an encrypted stream ends, on either side: in order, cut off, or by a reset. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TlsEndTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  /** A client of the JDK's, the plain socket under it, and the server's stream. */
  private record Pair(Socket under, SSLSocket client, TcpStream server) {}

  private interface Body {
    void with(Pair pair) throws Exception;
  }

  private static void pair(Transport transport, String version, Body body) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      CompletableFuture<TcpStream> served =
          Tls.server(listener, acceptor, CompletableFuture::completedFuture);
      Socket under = Net.connect(listener);
      try (SSLSocket client =
          (SSLSocket)
              Pki.context(null)
                  .getSocketFactory()
                  .createSocket(under, "localhost", under.getPort(), false)) {
        client.setEnabledProtocols(new String[] {version});
        client.startHandshake();
        body.with(new Pair(under, client, Net.get(served)));
      } finally {
        under.close();
      }
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void closeSaysGoodbye(Transport transport, String version) throws Exception {
    pair(
        transport,
        version,
        pair -> {
          Net.get(pair.server().writeAll(HELLO));
          pair.server().close();
          assertThat(pair.client().getInputStream().readAllBytes()).isEqualTo(HELLO);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void resetDoesNot(Transport transport, String version) throws Exception {
    pair(
        transport,
        version,
        pair -> {
          pair.server().reset();
          assertThatThrownBy(() -> pair.client().getInputStream().read())
              .isInstanceOf(IOException.class);
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void anEndWithoutGoodbyeIsATruncation(Transport transport, String version) throws Exception {
    pair(
        transport,
        version,
        pair -> {
          pair.client().getOutputStream().write(HELLO);
          pair.under().shutdownOutput();
          assertThat(Net.text(Net.get(pair.server().read()))).isEqualTo("hello");
          assertThat(Tls.failureOf(pair.server().read()))
              .isInstanceOf(TlsTruncatedException.class)
              .hasMessageContaining("without ending TLS");
          pair.server().close();
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aGoodbyeIsTheEnd(Transport transport, String version) throws Exception {
    pair(
        transport,
        version,
        pair -> {
          pair.client().getOutputStream().write(HELLO);
          pair.client().close();
          assertThat(Net.text(Net.get(pair.server().readAll(100)))).isEqualTo("hello");
          assertThat(Net.get(pair.server().read())).isNull();
          pair.server().close();
        });
  }

  @EachTransport
  void bothDirectionsEndByThemselvesInTls13(Transport transport) throws Exception {
    pair(
        transport,
        "TLSv1.3",
        pair -> {
          pair.client().getOutputStream().write(HELLO);
          pair.client().shutdownOutput();
          assertThat(Net.text(Net.get(pair.server().readAll(100)))).isEqualTo("hello");
          Net.get(pair.server().writeAll("answer"));
          Net.get(pair.server().shutdownOutput());
          assertThat(new String(pair.client().getInputStream().readAllBytes(), "ASCII"))
              .isEqualTo("answer");
          pair.server().close();
        });
  }

  @EachTransport
  void whoHasEndedItsOutputStillReads(Transport transport) throws Exception {
    pair(
        transport,
        "TLSv1.3",
        pair -> {
          Net.get(pair.server().writeAll("over"));
          Net.get(pair.server().shutdownOutput());
          assertThat(new String(pair.client().getInputStream().readAllBytes(), "ASCII"))
              .isEqualTo("over");
          pair.client().getOutputStream().write(HELLO);
          pair.client().shutdownOutput();
          assertThat(Net.text(Net.get(pair.server().readAll(100)))).isEqualTo("hello");
          pair.server().close();
        });
  }

  @EachTransport
  void renegotiationIsRefused(Transport transport) throws Exception {
    pair(
        transport,
        "TLSv1.2",
        pair -> {
          pair.client().getOutputStream().write(HELLO);
          assertThat(Net.text(Net.get(pair.server().read()))).isEqualTo("hello");
          CompletableFuture<?> next = pair.server().read();
          pair.client().startHandshake(); // again
          assertThatThrownBy(() -> pair.client().getInputStream().read())
              .isInstanceOf(IOException.class);
          assertThat(Tls.failureOf(next))
              .isInstanceOf(TlsException.class)
              .hasMessageEndingWith("The peer has asked for a renegotiation, which is refused");
        });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aBrokenRecordIsTold(Transport transport, String version) throws Exception {
    pair(
        transport,
        version,
        pair -> {
          byte[] record = new byte[5 + 40];
          record[0] = 23;
          record[1] = 3;
          record[2] = 3;
          record[4] = 40;
          pair.under().getOutputStream().write(record);
          assertThat(Tls.failureOf(pair.server().read()))
              .isInstanceOf(TlsException.class)
              .hasMessageEndingWith("The peer has sent a record that cannot be decrypted");
          assertThatThrownBy(() -> pair.client().getInputStream().read())
              .hasMessageContaining("Received fatal alert: bad_record_mac");
        });
  }

  @EachTransport
  void whoDoesNotReadMakesTheWriterWait(Transport transport) throws Exception {
    pair(
        transport,
        "TLSv1.3",
        pair -> {
          CompletableFuture<Void> read =
              CompletableFuture.runAsync(() -> skip(pair.client(), 16 << 20), Tls.ON_ITS_OWN);
          byte[] much = new byte[1 << 20];
          for (int i = 0; i < 16; i++) {
            Net.get(pair.server().writeAll(much));
            assertThat(pair.server().unsent())
                .isLessThan(4L * TcpOptions.defaults().sendLimit() + (2 << 20));
          }
          Net.get(read);
          pair.server().close();
        });
  }

  @EachTransport
  void whoIsNotReadWaitsWithABytePerRecord(Transport transport) throws Exception {
    pair(
        transport,
        "TLSv1.3",
        pair -> {
          OutputStream out = pair.client().getOutputStream();
          for (int i = 0; i < 2000; i++) {
            out.write('a' + i % 26);
          }
          byte[] back = Net.bytes(Net.get(pair.server().readExactly(2000)));
          for (int i = 0; i < 2000; i++) {
            assertThat(back[i]).isEqualTo((byte) ('a' + i % 26));
          }
          CompletableFuture<Void> sending =
              CompletableFuture.runAsync(() -> send(pair.client(), 16 << 20), Tls.ON_ITS_OWN);
          Net.await("it holds back", pair.server()::isHoldingBack);
          assertThat(pair.server().held())
              .isLessThan(TcpOptions.defaults().receiveLimit() + 4 * 32 * 1024);
          Net.get(pair.server().skip(16 << 20));
          Net.get(sending);
          pair.server().close();
        });
  }

  private static void send(SSLSocket socket, int bytes) {
    try {
      byte[] part = new byte[1 << 16];
      for (int sent = 0; sent < bytes; sent += part.length) {
        socket.getOutputStream().write(part);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void skip(SSLSocket socket, int bytes) {
    try {
      InputStream in = socket.getInputStream();
      in.skipNBytes(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
