package dev.weft.perf.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.perf.trial.DrainClient.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The trials' clients see every way in which an echo can be wrong. */
class ClientsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BYTES = 1000;

  private interface Manners {
    void serve(Socket client, byte[] received) throws IOException;
  }

  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Serves one client once its {@link #BYTES} bytes are there. */
  private void serveOne(Manners manners) {
    Thread server =
        new Thread(
            () -> {
              try (Socket client = listener.accept()) {
                manners.serve(client, client.getInputStream().readNBytes(BYTES));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    server.setDaemon(true);
    server.start();
  }

  private static void echo(Socket client, byte[] received) throws IOException {
    client.getOutputStream().write(received);
    client.getInputStream().read(); // the client's end
  }

  private static void half(Socket client, byte[] received) throws IOException {
    client.getOutputStream().write(received, 0, BYTES / 2);
  }

  private static void reset(Socket client, byte[] received) throws IOException {
    client.setSoLinger(true, 0);
  }

  private static void wrong(Socket client, byte[] received) throws IOException {
    received[700] ^= 1;
    echo(client, received);
  }

  private void converse() throws IOException {
    ExactClient.converse(address(), 5, BYTES, PATIENCE);
  }

  @Test
  void anExactClientIsContentWithAnExactEcho() throws IOException {
    serveOne(ClientsTest::echo);
    converse();
  }

  @Test
  void anExactClientSeesAWrongByte() {
    serveOne(ClientsTest::wrong);
    assertThatThrownBy(this::converse)
        .isInstanceOf(WrongEchoException.class)
        .hasMessage("byte 700 is wrong");
  }

  @Test
  void anExactClientSeesAnEndThatIsTooEarly() {
    serveOne(ClientsTest::half);
    assertThatThrownBy(this::converse)
        .isInstanceOf(EOFException.class)
        .hasMessage("the stream ended after 500 of 1000 bytes");
  }

  @Test
  void anExactClientSeesAByteTooMany() {
    serveOne(
        (client, received) -> {
          client.getOutputStream().write(received);
          client.getOutputStream().write(1);
        });
    assertThatThrownBy(this::converse).isInstanceOf(WrongEchoException.class);
  }

  @Test
  void theStreamsOfTwoClientsDiffer() {
    Payload one = new Payload(1);
    assertThat(one.mismatch(3, one.bytes(3, BYTES), BYTES)).isEqualTo(-1);
    assertThat(one.mismatch(4, one.bytes(3, BYTES), BYTES)).isNotEqualTo(-1);
    assertThat(one.mismatch(3, new Payload(2).bytes(3, BYTES), BYTES)).isNotEqualTo(-1);
  }

  private Outcome drained(Manners manners) throws IOException {
    serveOne(manners);
    try (Selector selector = Selector.open()) {
      DrainClient client = new DrainClient(address(), selector, 9);
      client.send(BYTES);
      client.mark();
      Deadline deadline = Deadline.in(PATIENCE);
      while (client.outcome() == Outcome.OPEN && !deadline.isOver()) {
        selector.select(20);
        for (SelectionKey key : selector.selectedKeys()) {
          ((DrainClient) key.attachment()).ready();
        }
        selector.selectedKeys().clear();
      }
      client.close();
      return client.outcome();
    }
  }

  @Test
  void aDrainThatEchoesAllIsFull() throws IOException {
    assertThat(drained((client, received) -> client.getOutputStream().write(received)))
        .isEqualTo(Outcome.FULL);
  }

  @Test
  void aDrainThatEndsInOrderWithLessIsShort() throws IOException {
    assertThat(drained(ClientsTest::half)).isEqualTo(Outcome.SHORT);
  }

  @Test
  void aDrainThatResetsIsAReset() throws IOException {
    assertThat(drained(ClientsTest::reset)).isEqualTo(Outcome.RESET);
  }

  @Test
  void aDrainThatEchoesAWrongByteIsWrong() throws IOException {
    assertThat(
            drained(
                (client, received) -> {
                  received[7] ^= 1;
                  client.getOutputStream().write(received);
                }))
        .isEqualTo(Outcome.WRONG);
  }

  /** What is late is counted from when it was due, and holds nothing up that is due later. */
  @Test
  void aPacedClientSendsAlsoWhileNothingComesBack() throws Exception {
    int together = 5;
    CountDownLatch answered = new CountDownLatch(1);
    serveOne(
        (server, received) -> { // who waited for an answer would never send so much
          server.getOutputStream().write(received);
          answered.countDown();
          server.getInputStream().read();
        });
    Duration pace = Duration.ofMillis(1);
    try (PacedClient client = new PacedClient(address(), BYTES / together, pace)) {
      assertThat(answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      client.stop();
      assertThat(client.count()).isGreaterThanOrEqualTo(together);
      assertThat(client.percentile(100)).isGreaterThanOrEqualTo(together - 1.01);
    }
  }
}
