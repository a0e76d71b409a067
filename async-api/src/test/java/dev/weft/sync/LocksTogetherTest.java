package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.scope.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two locks at a time, by {@code Async.all} with a function: none is lost, whatever happens. */
@Timeout(60)
@SuppressWarnings("try") // what is held is not named within its block
class LocksTogetherTest {
  private final AsyncMutex one = new AsyncMutex();
  private final AsyncSemaphore other = new AsyncSemaphore(2);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private Task<String> both(boolean fails) {
    return Async.all(
        one.lock(),
        other.acquire(2),
        (held, permits) -> {
          try (held;
              permits) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            assertThat(one.isLocked()).isTrue();
            assertThat(other.availablePermits()).isZero();
            inside.decrementAndGet();
            if (fails) {
              throw new IOException("inside");
            }
            return "both";
          }
        });
  }

  private void assertFree() {
    assertThat(one.isLocked()).isFalse();
    assertThat(other.availablePermits()).isEqualTo(2);
  }

  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder().deterministic(seed).build();
  }

  @Test
  void whereBothAreFreeNothingWaits() {
    assertThat(both(false)).isCompletedWithValue("both");
    assertFree();
  }

  @Test
  void aFunctionThatThrowsHasGivenBothBack() {
    assertThat(both(true)).isCompletedExceptionally();
    assertFree();
  }

  /** A second time would let in another one. */
  @Test
  void aFunctionThatThrowsHasGivenThemBackOnce() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AsyncMutex.Held before = one.tryLock();
      Task<String> failing = executor.spawn(() -> heard(both(true)));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1))); // it stands first in the queue
      Task<AsyncMutex.Held> next = executor.spawn(one::lock);
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      before.close();
      executor.blockOn(failing::finished);
      AsyncMutex.Held held = executor.blockOn(() -> next);
      assertThat(one.tryLock()).as("of a lock that is held").isNull();
      held.close();
    }
    assertFree();
  }

  /** Neither is there, one of them is, or both are: cancelled at each of these moments. */
  @Test
  void whoIsCancelledWhileItWaitsHasNeither() throws Exception {
    for (int done = 0; done <= 2; done++) {
      try (WorkStealingExecutor executor = executor(done)) {
        AsyncMutex.Held held = one.tryLock();
        AsyncSemaphore.Permit permits = other.tryAcquire(2);
        Task<String> waiting = executor.spawn(() -> Work.inTurn(() -> both(false)));
        executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
        int now = done;
        executor.blockOn(
            () -> {
              if (now > 0) {
                held.close();
              }
              if (now > 1) {
                permits.close();
              }
              waiting.cancel(true);
              return waiting.finished();
            });
        if (done < 1) {
          held.close();
        }
        if (done < 2) {
          permits.close();
        }
      }
      assertFree();
    }
  }

  @Test
  void whereAnotherStageFailsTheLockIsFree() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      Task<String> failing = new Task<>();
      Task<Object> all =
          executor.spawn(
              () -> Async.all(one.lock(), failing, other.acquire(), (a, b, c) -> "never"));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      assertThat(one.isLocked()).isTrue();
      failing.completeExceptionally(new IOException("f"));
      executor.blockOn(all::finished);
      assertThat(all).isCompletedExceptionally();
    }
    assertFree();
  }

  /** Many want both, some of them fail, and some are cancelled at any moment. */
  @ParameterizedTest
  @MethodSource("dev.weft.frame.Seeds#all")
  void whateverIsCancelledNoneIsLost(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (WorkStealingExecutor executor = executor(seed)) {
      List<Task<?>> all = new ArrayList<>();
      executor.blockOn(
          () -> {
            for (int i = 0; i < 12; i++) {
              boolean fails = random.nextInt(4) == 0;
              long from = random.nextInt(4);
              all.add(
                  executor.spawn(
                      () ->
                          Work.inTurn(
                              () -> Async.sleep(Duration.ofMillis(from)),
                              () -> heard(both(fails)))));
              all.add(executor.spawn(() -> holding(random.nextInt(3))));
            }
            for (Task<?> task : all) {
              if (random.nextInt(2) == 0) {
                long at = random.nextInt(12);
                executor.spawn(
                    () ->
                        Work.inTurn(
                            () -> Async.sleep(Duration.ofMillis(at)),
                            () -> Async.done(task.cancel(true))));
              }
            }
            return Async.sleep(Duration.ofSeconds(10));
          });
      assertThat(all).allMatch(Task::isFinished);
    }
    assertThat(most).hasValueLessThan(2);
    assertFree();
  }

  /** Ends without a failure, as if somebody had looked at it. */
  private static Task<String> heard(Task<String> call) {
    HandWritten<String> method =
        new HandWritten<>(
            AsyncExecutor.currentOrShared(),
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(call, 1);
              }
              try {
                return Async.done(Await.take(awaited));
              } catch (Throwable error) {
                if (error instanceof IOException) {
                  return Async.done(error.getMessage());
                }
                throw error;
              }
            });
    method.run();
    return method;
  }

  /** Has one of the locks for a while. */
  private Task<String> holding(long millis) {
    return Async.all(
        one.lock(),
        Async.sleep(Duration.ofMillis(millis)),
        (held, slept) -> {
          held.close();
          return "had it";
        });
  }
}
