package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time-outs, intervals and the virtual clock. No test takes the time that it is about. */
class TimeTest {
  private final VirtualClock clock = new VirtualClock();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().clock(clock).build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  // ---- the clock

  @Test
  void aDayPassesAtOnce() throws Exception {
    executor.blockOn(() -> executor.sleep(Duration.ofDays(1)));
    assertThat(clock.elapsed()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void sleepsEndInTheOrderOfTheirTimes() throws Exception {
    ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<?>> all = new ArrayList<>();
    executor.blockOn(
        () -> {
          for (int i = 0; i < 200; i++) {
            long millis = 1 + (i * 37 % 200) * 1000L;
            all.add(
                executor
                    .sleep(Duration.ofMillis(millis))
                    .thenRun(() -> order.add(clock.elapsed().toMillis())));
          }
          return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
        });
    assertThat(List.copyOf(order)).hasSize(200).isSorted().contains(1L, 1001L, 199_001L);
  }

  @Test
  void aSleepStartedOutsideEndsToo() throws Exception {
    executor.sleep(Duration.ofHours(1)).get(60, TimeUnit.SECONDS);
    executor.sleep(Duration.ofHours(1)).get(60, TimeUnit.SECONDS);
    assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void timeStandsStillWhileABlockingCallIsUnderWay() throws Exception {
    List<Task<?>> sleeps = new ArrayList<>();
    Task<Duration> blocking =
        executor.spawnBlocking(
            () -> {
              // Both in here: as soon as it is over, the clock may go on.
              sleeps.add(executor.sleep(Duration.ofHours(1)));
              sleeps.add(executor.sleep(Duration.ofHours(2)));
              for (int i = 0; i < 100; i++) {
                executor.spawn(Async::done).get(); // the workers have been busy, and idle
              }
              assertThat(sleeps).noneMatch(CompletableFuture::isDone);
              return clock.elapsed();
            });
    assertThat(blocking.get(60, TimeUnit.SECONDS)).isZero();
    for (Task<?> sleep : sleeps) {
      sleep.get(60, TimeUnit.SECONDS);
    }
    assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(2));
  }

  // ---- time-outs

  private <T> Task<T> timeout(Duration limit, CompletableFuture<T> future) throws Exception {
    return executor.blockOn(() -> Async.done(Async.timeout(limit, future)));
  }

  @Test
  void anOperationThatIsLateIsCancelled() throws Exception {
    CompletableFuture<Task<Void>> late = new CompletableFuture<>();
    Task<Void> limited =
        executor.spawn(
            () -> { // both at the same time of the clock
              late.complete(executor.sleep(Duration.ofHours(1)));
              return Async.timeout(Duration.ofMinutes(5), late.join());
            });
    assertThatThrownBy(() -> limited.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("PT5M");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(5));
    assertThat(late.join()).isCancelled();
  }

  @Test
  void whatAnybodyMayHoldIsLeftAloneWhenItIsLateUnlessItIsToBeCancelled() throws Exception {
    Task<String> promise = new Task<>();
    Task<String> limited = timeout(Duration.ofMinutes(5), promise);
    assertThatThrownBy(() -> limited.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(promise).isNotDone();
    Task<String> again = timeout(Duration.ofMinutes(5), Async.cancelling(promise));
    assertThatThrownBy(() -> again.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(promise).isCancelled();
  }

  @Test
  void aStageInTimePassesItsOutcomeOnAndFreesTheTimer() throws Exception {
    Task<String> result =
        executor.spawn(
            () ->
                Async.timeout(
                    Duration.ofHours(1),
                    executor.sleep(Duration.ofMinutes(1)).thenApply(slept -> "in time")));
    assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo("in time");
    assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(1));
    assertThat(executor.toString()).contains("0 timers");

    IOException error = new IOException();
    assertThatThrownBy(
            () ->
                executor.blockOn(
                    () -> Async.timeout(Duration.ZERO, CompletableFuture.failedFuture(error))))
        .isSameAs(error);
    assertThat(timeout(Duration.ZERO, Settled.value("ready")).join()).isEqualTo("ready");
  }

  @Test
  void cancellingTheTimeoutCancelsTheStageAndFreesTheTimer() throws Exception {
    executor.blockOn(
        () -> {
          Task<Void> stage = executor.sleep(Duration.ofHours(2));
          Task<Void> limited = Async.timeout(Duration.ofHours(1), stage);
          limited.cancel(true);
          assertThat(stage).isCancelled();
          return Async.done();
        });
    assertThat(executor.toString()).contains("0 timers");
    assertThat(clock.elapsed()).isZero();
  }

  // ---- intervals

  /** Work that takes the given times between ticks; when the ticks came, in milliseconds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // The period is 100 ms. The figures are those of Tokio's documentation and its formulas.
        "BURST | 0   0   0   0         | 0 100 200 300 400",
        "BURST | 250 0   0   0   0     | 0 250 250 300 400 500",
        "BURST | 104 0   0             | 0 104 200 300",
        "DELAY | 0   0   0   0         | 0 100 200 300 400",
        "DELAY | 250 0   0   0         | 0 250 350 450 550",
        "DELAY | 104 0   0             | 0 104 200 300",
        "DELAY | 106 0   0             | 0 106 206 306",
        "SKIP  | 0   0   0   0         | 0 100 200 300 400",
        "SKIP  | 250 0   0   0         | 0 250 300 400 500",
        "SKIP  | 104 0   0             | 0 104 200 300",
        "SKIP  | 350 130 0   0         | 0 350 480 500 600",
      })
  void ticks(MissedTickBehavior behavior, String work, String expected) throws Exception {
    String[] millis = work.trim().split(" +");
    List<String> ticks = new ArrayList<>();
    Interval[] interval = new Interval[1];
    HandWritten<String> loop =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                interval[0] = Async.interval(Duration.ofMillis(100), behavior);
                return self.await(interval[0].tick(), 1);
              }
              if (state % 2 == 1) {
                ticks.add(Long.toString(clock.elapsed().toMillis()));
                int round = state / 2;
                if (round == millis.length) {
                  return Settled.value("end");
                }
                Duration time = Duration.ofMillis(Long.parseLong(millis[round]));
                return self.await(executor.sleep(time), state + 1);
              }
              return self.await(interval[0].tick(), state + 1);
            });
    executor.schedule(loop);
    loop.get(60, TimeUnit.SECONDS);
    assertThat(String.join(" ", ticks)).isEqualTo(expected);
  }

  @Test
  void aTickThatWasCancelledIsNotUsedUp() throws Exception {
    executor.blockOn(
        () -> {
          Interval interval = Async.interval(Duration.ofSeconds(1));
          assertThat(interval.tick()).isDone();
          assertThat(interval.tick().cancel(true)).isTrue();
          return interval.tick();
        });
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aPeriodMustBePositive() {
    assertThatThrownBy(() -> Async.interval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
