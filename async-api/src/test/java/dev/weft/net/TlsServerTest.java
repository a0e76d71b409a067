package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.LineEncoder;
import io.netty.handler.codec.string.StringDecoder;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server with TLS; TLS that begins after plain bytes; codecs behind it; node mode. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TlsServerTest {
  /** What an observer is told. */
  private static final class Told implements TcpServer.Observer {
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();

    @Override
    public void onEnded(TcpStream socket, Throwable error) {
      (error == null ? ended : failed).incrementAndGet();
    }
  }

  @EachTransport
  void aFailedHandshakeIsNoFailureOfTheServers(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      serve(executor);
    }
  }

  @EachTransport
  void nodeModeServesAsWell(Transport transport) throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(transport.isAvailable());
    try (NodeExecutor executor = NodeExecutor.builder().driver(transport.driver()).build()) {
      serve(executor);
    }
  }

  private static void serve(AsyncExecutor executor) throws Exception {
    TcpListener listener =
        Net.get(TcpListener.bind(executor, Net.loopback(0), TcpOptions.defaults()));
    TlsAcceptor acceptor = Tls.acceptor().build();
    Told told = new Told();
    TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo), told);
    try (Socket plain = Net.connect(listener)) {
      plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(Net.isReset(plain)).isFalse();
    }
    try (SSLSocket client = Tls.client(listener, Pki.context(null), "TLSv1.3")) {
      Net.roundTrip(client);
      Net.roundTrip(client);
    }
    Net.await("both have ended", () -> told.ended.get() == 2);
    assertThat(told.failed).hasValue(0);
    assertThat(acceptor.handshakes()).isEqualTo(1);
    assertThat(acceptor.failedHandshakes()).isEqualTo(1);
    try (SSLSocket client = Tls.client(listener, Pki.context(null), "TLSv1.3");
        Socket silent = Net.connect(listener)) {
      Net.roundTrip(client);
      Net.await("both are being served", () -> server.open() == 2);
      TcpServer.DrainReport report = Net.get(server.drain(Duration.ofSeconds(Net.SECONDS)));
      assertThat(report.reset()).isZero();
      assertThat(client.getInputStream().read()).as("the end, in order").isEqualTo(-1);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @EachTransport
  void theHandshakeMayFollowPlainBytes(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      CompletableFuture<Void> served =
          listener
              .accept()
              .thenCompose(
                  stream ->
                      stream
                          .readLine(100)
                          .thenCompose(line -> stream.writeAll("GO\n"))
                          .thenCompose(written -> acceptor.accept(stream))
                          .thenCompose(Net::echo)
                          .thenRun(stream::close));
      TcpStream client = Tls.connect(executor, listener.localAddress().getPort());
      Net.get(client.writeAll("STARTTLS\n"));
      assertThat(Net.get(client.readLine(100))).isEqualTo("GO");
      Net.get(Tls.connector().build().connect(client, "localhost"));
      Net.get(client.writeAll("secret"));
      assertThat(Net.text(Net.get(client.readExactly(6)))).isEqualTo("secret");
      Net.get(client.shutdownOutput());
      assertThat(Net.get(client.read())).isNull();
      client.close();
      Net.get(served);
    }
  }

  @EachTransport
  void aHelloThatWasReadAheadIsNotLost(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      CompletableFuture<Void> served =
          listener
              .accept()
              .thenCompose(
                  stream ->
                      stream
                          .peek(20) // of the hello
                          .thenAccept(io.netty.util.ReferenceCountUtil::release)
                          .thenCompose(peeked -> acceptor.accept(stream))
                          .thenCompose(Net::echo)
                          .thenRun(stream::close));
      try (SSLSocket client = Tls.client(listener, Pki.context(null), "TLSv1.3")) {
        Net.roundTrip(client);
      }
      Net.get(served);
    }
  }

  @EachTransport
  void codecsGoBehindTls(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      CompletableFuture<TcpStream> served =
          Tls.server(listener, Tls.acceptor().build(), CompletableFuture::completedFuture);
      try (SSLSocket client = Tls.client(listener, Pki.context(null), "TLSv1.3")) {
        client.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        FramedStream<String, String> lines =
            Net.get(
                FramedStream.over(
                    Net.get(served),
                    new LineBasedFrameDecoder(100),
                    new StringDecoder(StandardCharsets.US_ASCII),
                    new LineEncoder(StandardCharsets.US_ASCII)));
        assertThat(Net.get(lines.read())).isEqualTo("one");
        assertThat(Net.get(lines.read())).isEqualTo("two");
        Net.get(lines.write("three"));
        assertThat(new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
            .isEqualTo("three");
        lines.close();
      }
    }
  }

  @EachTransport
  void aStreamThatIsInUseIsLeftAlone(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().build();
      try (Socket client = Net.connect(listener)) {
        TcpStream stream = Net.get(listener.accept());
        CompletableFuture<?> reading = stream.read();
        assertThat(Tls.failureOf(acceptor.accept(stream)))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("while a read or a write waits");
        client.getOutputStream().write('x');
        Net.get(reading);
        io.netty.util.ReferenceCountUtil.release(reading.join());
        stream.close();
        assertThat(Tls.failureOf(acceptor.accept(stream))).isInstanceOf(java.io.IOException.class);
      }
    }
  }
}
