package dev.weft.net.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.handoff.Held;
import dev.weft.net.Net;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When which address of a name is tried, by a clock that is virtual. A connection is a string. */
class HappyEyeballsTest {
  private static final List<InetSocketAddress> THREE =
      List.of(address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.3"));

  private final VirtualClock clock = new VirtualClock();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).clock(clock).noDriver().build();

  /** The attempts in the order in which they began. */
  private final List<Attempt> attempts = Collections.synchronizedList(new ArrayList<>());

  private final List<String> discarded = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void familiesTakeTurns() {
    List<InetSocketAddress> mixed =
        List.of(
            address("::1"),
            address("::2"),
            address("::3"),
            address("10.0.0.1"),
            address("10.0.0.2"));
    assertThat(HappyEyeballs.interleave(mixed))
        .containsExactly(
            address("::1"),
            address("10.0.0.1"),
            address("::2"),
            address("10.0.0.2"),
            address("::3"));
    assertThat(
            HappyEyeballs.interleave(
                List.of(address("10.0.0.1"), address("10.0.0.2"), address("::1"))))
        .as("the resolver says which one is first")
        .containsExactly(address("10.0.0.1"), address("::1"), address("10.0.0.2"));
    assertThat(HappyEyeballs.interleave(THREE)).isEqualTo(THREE);
  }

  @Test
  void eachAddressHasAHeadStartOfAQuarterOfASecond() throws Exception {
    assertThat(connect(THREE, attempt -> after(attempt, 3, 600))).isEqualTo("third");
    assertThat(attempts)
        .extracting(attempt -> attempt.startedMillis)
        .containsExactly(0L, 250L, 500L);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(1_100));
    assertThat(attempts.get(0)).as("is given up").isCancelled();
    assertThat(attempts.get(1)).as("is given up").isCancelled();
  }

  @Test
  void theFirstOneMayStillWin() throws Exception {
    assertThat(connect(THREE, attempt -> after(attempt, 1, 300))).isEqualTo("first");
    assertThat(attempts).as("no more is tried").hasSize(2);
    assertThat(attempts.get(1)).isCancelled();
    executor.blockOn(() -> executor.sleep(Duration.ofSeconds(10)));
    assertThat(attempts).as("nor later").hasSize(2);
  }

  @Test
  void aFailureBeginsTheNextAttemptAtOnce() throws Exception {
    assertThat(
            connect(
                THREE,
                attempt -> {
                  if (attempt.number == 1) {
                    executor
                        .sleep(Duration.ofMillis(100))
                        .thenRun(() -> attempt.completeExceptionally(refused(attempt)));
                  }
                  after(attempt, 3, 0);
                }))
        .isEqualTo("third");
    assertThat(attempts)
        .extracting(attempt -> attempt.startedMillis)
        .as("the second one has its whole head start")
        .containsExactly(0L, 100L, 350L);
  }

  @Test
  void aTotalFailureNamesEveryAddress() {
    assertThatThrownBy(
            () -> connect(THREE, attempt -> attempt.completeExceptionally(refused(attempt))))
        .isInstanceOf(ConnectException.class)
        .hasMessage(
            "name.test:80: No address could be connected to: 10.0.0.1:80: Refused; 10.0.0.2:80:"
                + " Refused; 10.0.0.3:80: Refused")
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                        "10.0.0.1:80: Refused", "10.0.0.2:80: Refused", "10.0.0.3:80: Refused"));
    assertThat(clock.elapsed()).as("nothing waits").isZero();
  }

  @Test
  void failuresOfAnyOrderAreNamedInTheOrderOfTheAttempts() {
    assertThatThrownBy(
            () ->
                connect(
                    THREE,
                    attempt ->
                        executor
                            .sleep(Duration.ofMillis(2_000 - 500L * attempt.number))
                            .thenRun(() -> attempt.completeExceptionally(refused(attempt)))))
        .hasMessageContaining("10.0.0.1:80: Refused; 10.0.0.2:80: Refused; 10.0.0.3:80: Refused");
  }

  @Test
  void aSingleAddressFailsAsItDoesByItself() {
    assertThatThrownBy(
            () ->
                connect(
                    THREE.subList(0, 1),
                    attempt -> attempt.completeExceptionally(refused(attempt))))
        .isInstanceOf(ConnectException.class)
        .hasMessage("10.0.0.1:80: Refused")
        .hasNoSuppressedExceptions();
  }

  /** No call nests in the call before. */
  @Test
  void fiftyThousandAddressesMayFailAtOnce() {
    List<InetSocketAddress> many =
        IntStream.range(0, 50_000).mapToObj(i -> THREE.get(i % 3)).toList();
    assertThatThrownBy(
            () -> connect(many, attempt -> attempt.completeExceptionally(refused(attempt))))
        .isInstanceOf(ConnectException.class);
    assertThat(attempts).hasSize(50_000);
  }

  @Test
  void whatSaysNothingOfAnAddressEndsItAll() {
    assertThatThrownBy(
            () ->
                connect(
                    THREE,
                    attempt ->
                        attempt.completeExceptionally(new IllegalStateException("is closed"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("is closed");
    assertThat(attempts).hasSize(1);
  }

  @Test
  void cancellingGivesEveryAttemptUp() throws Exception {
    Task<String> race = raceUntil(300, attempt -> {}, started -> started.cancel(true));
    assertThat(race).isCancelled();
    assertThat(attempts).hasSize(2).allSatisfy(attempt -> assertThat(attempt).isCancelled());
    executor.blockOn(() -> executor.sleep(Duration.ofSeconds(10)));
    assertThat(attempts).as("and no other begins").hasSize(2);
  }

  /** As {@code orTimeout} does it. */
  @Test
  void aTimeLimitGivesEveryAttemptUp() throws Exception {
    raceUntil(
        300, attempt -> {}, started -> started.completeExceptionally(new TimeoutException("late")));
    assertThat(attempts).hasSize(2).allSatisfy(attempt -> assertThat(attempt).isCancelled());
  }

  @Test
  void cancellingEndsTheLookUp() {
    CompletableFuture<List<InetSocketAddress>> lookup = new CompletableFuture<>();
    Task<String> race = happyEyeballs(attempt -> {}).start(lookup);
    race.cancel(true);
    assertThat(lookup).isCancelled();
    assertThat(attempts).isEmpty();
  }

  @Test
  void anUnknownNameIsToldAsItIs() {
    CompletableFuture<List<InetSocketAddress>> lookup =
        CompletableFuture.failedFuture(new UnknownHostException("name.test: Unknown host"));
    assertThatThrownBy(() -> Net.get(happyEyeballs(attempt -> {}).start(lookup)))
        .isInstanceOf(UnknownHostException.class);
  }

  /** Two attempts succeed before either is told of the other. */
  @Test
  void theSecondConnectionIsClosed() throws Exception {
    Task<String> race =
        raceUntil(
            300,
            attempt -> attempt.deaf = attempt.number == 2, // has its connection when cancelled
            started -> attempts.get(0).complete("first"));
    assertThat(race.join()).isEqualTo("first");
    attempts.get(1).complete("second");
    assertThat(discarded).containsExactly("second");
  }

  @Test
  void aConnectionThatReachesNobodyIsClosed() throws Exception {
    Task<String> race = race(THREE, attempt -> after(attempt, 1, 0));
    Net.await("there is a connection", race::isDone);
    Held.abandoned(race);
    assertThat(discarded).containsExactly("first");
  }

  // ---- attempts

  private String connect(List<InetSocketAddress> addresses, Consumer<Attempt> script)
      throws Exception {
    return executor.blockOn(() -> race(addresses, script));
  }

  private Task<String> race(List<InetSocketAddress> addresses, Consumer<Attempt> script) {
    return happyEyeballs(script).start(CompletableFuture.completedFuture(addresses));
  }

  /** Races for the three addresses, and does something to the race after a time. */
  private Task<String> raceUntil(long millis, Consumer<Attempt> script, Consumer<Task<String>> then)
      throws Exception {
    List<Task<String>> started = new ArrayList<>();
    executor.blockOn(
        () -> {
          started.add(race(THREE, script));
          return executor
              .sleep(Duration.ofMillis(millis))
              .thenRun(() -> then.accept(started.get(0)));
        });
    return started.get(0);
  }

  private HappyEyeballs<String> happyEyeballs(Consumer<Attempt> script) {
    return new HappyEyeballs<>(
        executor,
        "name.test:80",
        address -> {
          Attempt attempt = new Attempt(executor, address, attempts.size() + 1);
          attempts.add(attempt);
          script.accept(attempt);
          return attempt;
        },
        discarded::add);
  }

  private void after(Attempt attempt, int number, long millis) {
    if (attempt.number == number) {
      executor
          .sleep(Duration.ofMillis(millis))
          .thenRun(() -> attempt.complete(List.of("first", "second", "third").get(number - 1)));
    }
  }

  private static ConnectException refused(Attempt attempt) {
    return new ConnectException(SocketErrors.format(attempt.address) + ": Refused");
  }

  private static InetSocketAddress address(String number) {
    try {
      return new InetSocketAddress(InetAddress.getByName(number), 80);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static final class Attempt extends Task<String> {
    final InetSocketAddress address;
    final int number;
    final long startedMillis;
    volatile boolean deaf;

    Attempt(AsyncExecutor executor, InetSocketAddress address, int number) {
      this.address = address;
      this.number = number;
      this.startedMillis = Duration.ofNanos(executor.nanoTime()).toMillis();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return !deaf && super.cancel(mayInterruptIfRunning);
    }
  }
}
