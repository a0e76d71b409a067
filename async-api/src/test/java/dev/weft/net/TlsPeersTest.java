package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.memory.MemoryBudget;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that are slow, or silent, or many, or that leave in the middle: each is limited as without
 * TLS, and costs the others nothing.
 */
@ExtendWith(LeakCheck.class)
@Timeout(240)
class TlsPeersTest {
  private static final int HALF_OPEN = 1000;
  private static final int SILENT = 300;

  /** More than twice as much as the memory that there is for them. */
  private static final int HELD = 40;

  private static final int MESSAGE = 16_000; // one record

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("dev.weft.net.Tls#transportsAndVersions")
  void aReadThatWaitsTooLongFailsAndTheStreamLivesOn(Transport transport, String version)
      throws Exception {
    TcpOptions options = TcpOptions.defaults().idleTimeout(Duration.ofMillis(200));
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options)) {
      CompletableFuture<TcpStream> served =
          Tls.server(listener, Tls.acceptor().build(), CompletableFuture::completedFuture);
      try (SSLSocket client = Tls.client(listener, Pki.context(null), version)) {
        client.startHandshake();
        TcpStream stream = Net.get(served);
        assertThatThrownBy(() -> Net.get(stream.read()))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessage(stream + ": Idle for longer than 0.2 s");
        client.getOutputStream().write('d');
        Net.await("it has come", () -> stream.held() > 0);
        assertThat(Net.text(Net.get(stream.read()))).isEqualTo("d");
        stream.close();
      }
    }
  }

  @EachTransport
  void whoSendsAByteAtATimeIsLateAllTheSame(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().handshakeTimeout(Duration.ofMillis(300)).build();
      CompletableFuture<TcpStream> served =
          Tls.server(listener, acceptor, CompletableFuture::completedFuture);
      try (Socket client = Net.connect(listener)) {
        client.getOutputStream().write(new byte[] {22, 3, 1, 0x3f, (byte) 0xff});
        Net.await("its time is up", () -> served.isDone() || !sends(client));
        assertThat(Tls.failureOf(served))
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining("No end of the handshake within 0.3 s");
      }
      assertThat(acceptor.failedHandshakes()).isEqualTo(1);
    }
  }

  private static boolean sends(Socket client) {
    try {
      client.getOutputStream().write(1);
      return true;
    } catch (IOException reset) {
      return false;
    }
  }

  /** Each has sent another part of its first message when it is cut off, by an end or a reset. */
  @EachTransport
  void aThousandThatLeaveInTheHandshakeLeaveNothing(Transport transport) throws Exception {
    byte[] hello = hello();
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().handshakeTimeout(Duration.ofMinutes(10)).build();
      TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo));
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < HALF_OPEN; i++) {
          Socket client = Net.connect(listener);
          clients.add(client);
          client.getOutputStream().write(hello, 0, hello.length * i / (HALF_OPEN - 1));
        }
        Net.await("all are in", () -> server.open() == HALF_OPEN);
        roundTrip(listener);
      } finally {
        for (int i = 0; i < clients.size(); i++) {
          if (i % 2 == 0) {
            clients.get(i).close();
          } else {
            Net.reset(clients.get(i));
          }
        }
      }
      Net.await("all are gone", () -> server.open() == 0);
      assertThat(acceptor.failedHandshakes()).isEqualTo(HALF_OPEN);
      assertThat(acceptor.handshakes()).isEqualTo(1);
      roundTrip(listener);
    }
  }

  /**
   * All of them begin in earnest, some leave while they wait for their turn, the rest say no more.
   */
  @EachTransport
  void manyThatAreAnsweredAndSayNoMoreHoldNobodyUp(Transport transport) throws Exception {
    byte[] hello = hello();
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      TlsAcceptor acceptor = Tls.acceptor().handshakeTimeout(Duration.ofMinutes(10)).build();
      TcpServer server = TcpServer.start(executor, listener, acceptor.serving(Net::echo));
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < SILENT; i++) {
          Socket client = Net.connect(listener);
          client.getOutputStream().write(hello);
          if (i % 3 == 0) {
            client.close();
          } else if (i % 3 == 1) {
            Net.reset(client);
          } else {
            clients.add(client);
          }
        }
        roundTrip(listener);
        for (Socket client : clients) {
          client.setSoTimeout(Net.SECONDS * 1000);
          assertThat(client.getInputStream().read()).as("each is answered").isEqualTo(22);
        }
        roundTrip(listener);
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
      Net.await("all are gone", () -> server.open() == 0);
      assertThat(acceptor.handshakes()).isEqualTo(2);
    }
  }

  private static void roundTrip(TcpListener listener) throws Exception {
    try (SSLSocket client = Tls.client(listener, Pki.context(null), "TLSv1.3")) {
      Net.roundTrip(client);
    }
  }

  /** What a client says first. */
  private static byte[] hello() throws Exception {
    SSLEngine engine = Pki.context(null).createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  // ---- when memory is short

  private static WorkStealingExecutor narrow(Transport transport) {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    return WorkStealingExecutor.builder()
        .workers(2)
        .name("net-test")
        .driver(transport.driver(MemoryBudget.CHUNK))
        .closeBound(Duration.ofSeconds(Net.SECONDS))
        .build();
  }

  /** Half a record is of no use to anybody, and must not keep others from completing theirs. */
  @EachTransport
  void recordsThatAreNotWholeHoldNobodyUp(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = narrow(transport);
        TcpListener listener = Net.listen(executor)) {
      TcpServer server =
          TcpServer.start(executor, listener, Tls.acceptor().build().serving(Net::echo));
      List<SSLSocket> clients = new ArrayList<>();
      List<Withholding> sockets = new ArrayList<>();
      try {
        for (int i = 0; i < HELD; i++) {
          Withholding socket = new Withholding(listener.localAddress().getPort());
          sockets.add(socket);
          SSLSocket client = over(socket, listener);
          clients.add(client);
          Net.roundTrip(client);
        }
        for (int i = 0; i < HELD; i++) {
          sockets.get(i).withhold();
          clients.get(i).getOutputStream().write(message(i));
        }
        for (int i = 0; i < 20; i++) { // the loop has looked at what there is meanwhile
          roundTrip(listener);
        }
        for (int i = HELD - 1; i >= 0; i--) {
          sockets.get(i).release();
          assertThat(clients.get(i).getInputStream().readNBytes(MESSAGE)).isEqualTo(message(i));
        }
      } finally {
        for (SSLSocket client : clients) {
          client.close();
        }
      }
      Net.await("all are gone", () -> server.open() == 0);
    }
  }

  /** They fill what there is for them; the others have their round trips. */
  @EachTransport
  void peersThatDoNotReadHoldNobodyUp(Transport transport) throws Exception {
    int much = 4 << 20;
    try (WorkStealingExecutor executor = narrow(transport);
        TcpListener listener = Net.listen(executor)) {
      TcpServer server =
          TcpServer.start(executor, listener, Tls.acceptor().build().serving(Net::echo));
      List<SSLSocket> clients = new ArrayList<>();
      try {
        List<CompletableFuture<Void>> sending = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          SSLSocket client = over(Net.connectNarrow(listener), listener);
          clients.add(client);
          Net.roundTrip(client);
          sending.add(sending(client, much));
        }
        for (int i = 0; i < 20; i++) {
          roundTrip(listener);
        }
        for (SSLSocket client : clients) {
          client.getInputStream().skipNBytes(much);
        }
        for (CompletableFuture<Void> each : sending) {
          Net.get(each);
        }
      } finally {
        for (SSLSocket client : clients) {
          client.close();
        }
      }
      Net.await("all are gone", () -> server.open() == 0);
    }
  }

  private static CompletableFuture<Void> sending(SSLSocket client, int bytes) {
    return CompletableFuture.runAsync(() -> send(client, bytes), Tls.ON_ITS_OWN);
  }

  private static void send(SSLSocket client, int bytes) {
    try {
      byte[] part = new byte[1 << 16];
      for (int sent = 0; sent < bytes; sent += part.length) {
        client.getOutputStream().write(part);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] message(int seed) {
    byte[] bytes = new byte[MESSAGE];
    new java.util.Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static SSLSocket over(Socket socket, TcpListener listener) throws Exception {
    return (SSLSocket)
        Pki.context(null)
            .getSocketFactory()
            .createSocket(socket, "localhost", listener.localAddress().getPort(), true);
  }

  /** A socket that keeps back the last byte that is written to it. */
  private static final class Withholding extends Socket {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean withholding;

    Withholding(int port) throws IOException {
      super("127.0.0.1", port);
      setSoTimeout(Net.SECONDS * 1000);
    }

    synchronized void withhold() {
      withholding = true;
    }

    synchronized void release() throws IOException {
      withholding = false;
      super.getOutputStream().write(kept.toByteArray());
      kept.reset();
    }

    private synchronized void pass(byte[] bytes, int offset, int length) throws IOException {
      OutputStream out = super.getOutputStream();
      if (!withholding || length == 0) {
        out.write(bytes, offset, length);
        return;
      }
      out.write(kept.toByteArray());
      kept.reset();
      out.write(bytes, offset, length - 1);
      kept.write(bytes[offset + length - 1]);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int one) throws IOException {
          pass(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          pass(bytes, offset, length);
        }
      };
    }
  }
}
