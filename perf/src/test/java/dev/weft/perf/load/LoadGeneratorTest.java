package dev.weft.perf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load generator sees what the server does wrong, and nothing where it does all right. */
class LoadGeneratorTest {
  private static final int SIZE = 64;

  /** A message that is sent however slow the machine: by one of the four connections at once. */
  private static final int EARLY = 3;

  @ParameterizedTest
  @CsvSource({"1,1,1,0", "64,4,1,0", "100000,3,1,0", "33,5,16,0", "64,4,1,500", "100000,2,1,50"})
  void rightRepliesAreAllCounted(int size, int connections, int depth, double rate)
      throws Exception {
    try (FaultyServer server = new FaultyServer(size, (message, number) -> message)) {
      LoadPlan plan =
          plan(server)
              .withConnections(connections, size)
              .withDepth(depth)
              .withRate(rate)
              .withTimes(Duration.ZERO, Duration.ofMillis(500));

      LoadResult result = LoadGenerator.run(plan, ProcessHandle.current().pid());
      if (result.latencies().count() == 0) { // the machine was so busy that it began too late
        result =
            LoadGenerator.run(
                plan.withTimes(Duration.ZERO, Duration.ofSeconds(30)),
                ProcessHandle.current().pid());
      }

      assertThat(result.failures()).isEmpty();
      assertThat(result.isRight()).isTrue();
      assertThat(result.latencies().count()).isPositive();
      assertThat(result.server().residentBytes()).isPositive();
      assertThat(result.text()).contains("every byte was checked");
    }
  }

  @Test
  void theOpenLoopSendsWhatIsDue() throws Exception {
    try (FaultyServer server = new FaultyServer(SIZE, (message, number) -> message)) {
      LoadPlan plan = plan(server).withConnections(3, SIZE).withRate(1000);

      LoadResult result = LoadGenerator.run(plan, 0);

      assertThat(result.latencies().count()).isBetween(498L, 502L); // of 500 ms, however late
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1000"})
  void aWrongByteIsSeen(double rate) throws Exception {
    try (FaultyServer server =
        new FaultyServer(
            SIZE,
            (message, number) -> {
              if (number == EARLY) {
                message[17] ^= 1;
              }
              return message;
            })) {

      LoadResult result = LoadGenerator.run(plan(server).withRate(rate), 0);

      assertThat(result.isRight()).isFalse();
      assertThat(result.failures())
          .singleElement()
          .asString()
          .contains("wrong byte in reply", "at index 17 of 64")
          .doesNotContain("missing");
    }
  }

  @Test
  void aWrongHeaderIsSeen() throws Exception {
    try (FaultyServer server =
        new FaultyServer(
            SIZE,
            (message, number) -> {
              message[4] += number == EARLY ? 1 : 0;
              return message;
            })) {
      LoadPlan plan = plan(server).withRequests(Request.framed(), 1, Request.burn(Duration.ZERO));

      LoadResult result = LoadGenerator.run(plan, 0);

      assertThat(result.failures()).singleElement().asString().contains("at index 4 of 64");
    }
  }

  @Test
  void aLostReplyIsSeenByTheNextOne() throws Exception {
    try (FaultyServer server =
        new FaultyServer(SIZE, (message, number) -> number == EARLY ? null : message)) {

      LoadResult result = LoadGenerator.run(plan(server).withRate(1000), 0);

      assertThat(result.lost()).isPositive();
      assertThat(result.failures()).singleElement().asString().contains("a reply is missing");
    }
  }

  @Test
  void aLostReplyIsSeenAsNoneFollows() throws Exception {
    try (FaultyServer server =
        new FaultyServer(SIZE, (message, number) -> number == EARLY ? null : message)) {

      LoadResult result = LoadGenerator.run(plan(server, Duration.ofSeconds(3)), 0);

      assertThat(result.isRight()).isFalse();
      assertThat(result.lost()).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatTheServerClosesIsSeen() throws Exception {
    try (FaultyServer server =
        new FaultyServer(
            SIZE,
            (message, number) -> {
              if (number == EARLY) {
                throw new InterruptedException("ends the connection");
              }
              return message;
            })) {

      LoadResult result = LoadGenerator.run(plan(server), 0);

      assertThat(result.failures()).singleElement().asString().contains("closed by the server");
    }
  }

  /**
   * All connections wait 400 ms, once. Of the messages due in two seconds a fifth is hit, so that
   * the open loop's 90th percentile is 200 ms at least, however slow the machine. In the closed
   * loop it is one message a connection, and a slow machine's own pauses are shorter.
   */
  @Test
  void aStallShowsInTheOpenLoopAndHidesInTheClosedOne() throws Exception {
    double open = p90WithStall(1000);
    double closed = p90WithStall(0);

    assertThat(open).isGreaterThan(160_000);
    assertThat(closed).isLessThan(open / 2);
  }

  private static double p90WithStall(double rate) throws Exception {
    AtomicBoolean stalled = new AtomicBoolean();
    Object gate = new Object();
    try (FaultyServer server =
        new FaultyServer(
            SIZE,
            (message, number) -> {
              synchronized (gate) {
                if (number > EARLY && stalled.compareAndSet(false, true)) {
                  Thread.sleep(400);
                }
              }
              return message;
            })) {
      LoadPlan plan = plan(server).withTimes(Duration.ZERO, Duration.ofSeconds(2)).withRate(rate);

      LoadResult result = LoadGenerator.run(plan, 0);

      assertThat(result.isRight()).isTrue();
      assertThat(result.latencies().max()).isGreaterThan(360_000); // both have met it
      return result.latencies().p90();
    }
  }

  @Test
  void burnersAreCountedApart() throws Exception {
    try (FaultyServer server =
        new FaultyServer(
            SIZE,
            (message, number) -> {
              if (message[0] == 1) {
                Thread.sleep(message[4]); // 20,000 us are 0x4e20
              }
              return message;
            })) {
      LoadPlan plan =
          plan(server)
              .withRequests(Request.framed(), 1, Request.burn(Duration.ofMillis(20)))
              .withTimes(Duration.ofMillis(100), Duration.ofSeconds(2))
              .withRate(300);

      LoadResult result = LoadGenerator.run(plan, 0);

      assertThat(result.isRight()).isTrue();
      assertThat(result.burns().p50()).isGreaterThan(0x20 * 1000);
      assertThat(result.latencies().count()).isBetween(598L, 602L);
    }
  }

  @Test
  void aWindowIsToldOnceEachWhenItBeginsAndEnds() throws Exception {
    List<String> told = new ArrayList<>();
    try (FaultyServer server = new FaultyServer(SIZE, (message, number) -> message)) {
      LoadResult result =
          LoadGenerator.run(
              plan(server),
              new Window() {
                @Override
                public void begins() {
                  told.add("begins");
                }

                @Override
                public void ends() {
                  told.add("ends");
                }
              });

      assertThat(result.isRight()).isTrue();
    }
    assertThat(told).containsExactly("begins", "ends");
  }

  @Test
  void aWindowThatFailsEndsTheRun() throws Exception {
    try (FaultyServer server = new FaultyServer(SIZE, (message, number) -> message)) {
      assertThatThrownBy(
              () ->
                  LoadGenerator.run(
                      plan(server),
                      new Window() {
                        @Override
                        public void begins() throws IOException {
                          throw new IOException("perf does not attach");
                        }

                        @Override
                        public void ends() {
                          throw new AssertionError("it has not begun");
                        }
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("perf does not attach");
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("load-reader-"));
    }
  }

  @Test
  void noServerIsAnErrorThatNamesTheAddress() throws Exception {
    try (Socket bound = new Socket()) { // does not listen, and nobody else can meanwhile
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = bound.getLocalPort();
      assertThatThrownBy(() -> LoadGenerator.run(LoadPlan.defaults(port), 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(port));
    }
  }

  @Test
  void burnersNeedRoomForTheirCommand() {
    LoadPlan plan = LoadPlan.defaults(1).withConnections(2, 4);

    assertThatThrownBy(() -> plan.withRequests(Request.framed(), 1, Request.burn(Duration.ZERO)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 bytes or more");
  }

  /** One that waits for every reply, however late, unless its connection has failed. */
  private static LoadPlan plan(FaultyServer server) {
    return plan(server, Duration.ofSeconds(60));
  }

  private static LoadPlan plan(FaultyServer server, Duration drain) {
    LoadPlan defaults = LoadPlan.defaults(server.port()).withConnections(4, SIZE);
    return new LoadPlan(
        defaults.host(),
        defaults.port(),
        defaults.connections(),
        defaults.size(),
        1,
        0,
        Request.ECHO,
        0,
        Request.ECHO,
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        drain,
        1);
  }
}
