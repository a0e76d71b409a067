package dev.weft.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Seeds;
import dev.weft.scope.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many come through in a time, and in which order. */
@Timeout(60)
class RateLimiterTest {
  private final List<String> passed = new ArrayList<>();

  private void run(long seed, Callable<CompletionStage<?>> body) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      executor.blockOn(() -> Await.future(body.call()).thenApply(value -> ""));
      while (executor.metrics().aliveTasks() > 0) { // that of blockOn ends after it has answered
        Thread.onSpinWait();
      }
    }
  }

  private static long now() {
    return AsyncExecutor.currentOrShared().nanoTime() / 1_000_000;
  }

  /** An async method that acquires and writes down when it has. */
  private Task<Object> passing(RateLimiter limiter, String name, long wanted) {
    return Work.inTurn(
        () -> limiter.acquire(wanted),
        () -> {
          passed.add(name + " at " + now());
          return Async.done();
        });
  }

  @Test
  void aBurstAndThenAnEvenRateInTurn() throws Exception {
    run(
        1,
        () -> {
          RateLimiter limiter = RateLimiter.of(2, Duration.ofMillis(20));
          List<Task<Object>> all = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            all.add(passing(limiter, "c" + i, 1));
          }
          return Async.all(all);
        });
    assertThat(passed) // the first two by lot, as each goes on as soon as it may
        .containsExactlyInAnyOrder("c0 at 0", "c1 at 0", "c2 at 10", "c3 at 20", "c4 at 30");
  }

  @Test
  void whoWantsLittleDoesNotPassWhoWantsMuch() throws Exception {
    run(
        1,
        () -> {
          RateLimiter limiter = RateLimiter.of(10, Duration.ofMillis(100));
          assertThat(limiter.tryAcquire(8)).isTrue();
          Task<Object> much = passing(limiter, "much", 5);
          Task<Object> little = passing(limiter, "little", 1);
          assertThat(limiter.tryAcquire()).as("it would pass them").isFalse();
          return Async.all(much, little);
        });
    assertThat(passed).containsExactly("much at 30", "little at 40");
  }

  @Test
  void whoIsCancelledTakesNothingAndLetsTheNextGo() throws Exception {
    run(
        1,
        () -> {
          RateLimiter limiter = RateLimiter.of(10, Duration.ofMillis(100));
          assertThat(limiter.tryAcquire(8)).isTrue();
          Task<Void> much = limiter.acquire(10);
          Task<Object> little = passing(limiter, "little", 2);
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(3)),
              () -> {
                much.cancel(true);
                return little;
              });
        });
    assertThat(passed).containsExactly("little at 3");
  }

  /** Behind something that still waits for another one when who awaits both is cancelled. */
  @Test
  void whatComesBackIsForTheNextAtOnce() throws Exception {
    run(
        1,
        () -> {
          RateLimiter limiter = RateLimiter.of(10, Duration.ofMillis(100));
          assertThat(limiter.tryAcquire(10)).isTrue();
          Task<?> both = Async.all(List.of(limiter.acquire(5), new Task<>()));
          Task<Object> next = passing(limiter, "next", 5);
          Task<Object> last = passing(limiter, "last", 2);
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(70)),
              () -> {
                both.cancel(true); // it has got its own at 50
                return Async.all(next, last);
              });
        });
    assertThat(passed).containsExactlyInAnyOrder("next at 70", "last at 70");
  }

  /** At any time, any of them: those that pass keep the rate, and the bucket is full at the end. */
  @Test
  @Timeout(1800)
  void nothingIsLostByCancelling() throws Exception {
    for (long seed : Seeds.all().toArray()) {
      passed.clear();
      SplittableRandom random = new SplittableRandom(seed);
      run(
          seed,
          () -> {
            RateLimiter limiter = RateLimiter.of(5, Duration.ofMillis(50));
            List<Task<Object>> methods = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              long wanted = 1 + random.nextInt(5);
              String name = wanted + "";
              methods.add(Async.spawn(() -> passing(limiter, name, wanted)));
            }
            List<CompletionStage<?>> ends = new ArrayList<>();
            for (Task<Object> method : methods) {
              ends.add(method.finished());
              if (random.nextBoolean()) {
                long at = random.nextInt(200);
                AsyncExecutor.currentOrShared()
                    .sleep(Duration.ofMillis(at))
                    .thenRun(() -> method.cancel(true));
              }
            }
            return Work.inTurn(
                () -> Async.all(ends),
                () -> {
                  long taken = passed.stream().mapToLong(it -> it.charAt(0) - '0').sum();
                  assertThat(taken).as("%s", passed).isLessThanOrEqualTo(5 + now() / 10);
                  return Async.sleep(Duration.ofMillis(50));
                },
                () -> {
                  assertThat(limiter.tryAcquire(5)).as("all that it holds").isTrue();
                  assertThat(limiter.tryAcquire()).as("and no more").isFalse();
                  return Async.done();
                });
          });
    }
  }

  @Test
  void whenItsExecutorEndsWhoWaitsIsTold() {
    RateLimiter limiter;
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().noDriver().build()) {
      limiter = RateLimiter.of(1, Duration.ofHours(1), executor);
      assertThat(limiter.tryAcquire()).isTrue();
    }
    assertThat(limiter.acquire()).isCompletedExceptionally();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> RateLimiter.of(0, Duration.ofSeconds(1)))
        .hasMessage("permits must be at least 1, not 0");
    assertThatThrownBy(() -> RateLimiter.of(1, Duration.ZERO))
        .hasMessage("period must be positive, not PT0S");
    RateLimiter limiter = RateLimiter.of(3, Duration.ofSeconds(1));
    assertThatThrownBy(() -> limiter.acquire(4))
        .hasMessage("permits must be between 1 and the capacity, 3, not 4");
    assertThatThrownBy(() -> limiter.tryAcquire(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
