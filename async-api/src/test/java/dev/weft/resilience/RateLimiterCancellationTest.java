package dev.weft.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.EveryAwait;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Ways;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several who acquire again and again, of whom one is cancelled at every await: a method, or what
 * it awaits. The others get what they want, and at the end there is in the limiter what its rate
 * says, less what was used: nothing was taken by who was cancelled, and nothing came back twice.
 */
@Timeout(3600)
class RateLimiterCancellationTest {
  @Test
  void severalAcquire() {
    EveryAwait.of(16, Acquiring::new);
  }

  /**
   * The same behind calls and combinators, where what was granted may reach nobody. Of a bucket
   * that is never full all that came in is still there, or was used.
   */
  @Test
  void whatReachesNobodyGoesBackIntoTheBucket() {
    EveryAwait.of(12, AcquiringInAllWays::new);
  }

  private static final class AcquiringInAllWays implements EveryAwait.Program {
    private static final int CAPACITY = 10_000;
    private static final int MILLIS_PER_PERMIT = 4;
    private static final int METHODS = 3;
    private static final int ROUNDS = 4;

    private final WorkStealingExecutor executor;
    private final Random random;
    private final Awaits awaits;
    private final Ways ways;
    private final List<Task<String>> methods = new ArrayList<>();
    private final List<CompletableFuture<?>> waits = new ArrayList<>();
    private int used;
    private long cameIn;
    private int left;

    AcquiringInAllWays(WorkStealingExecutor executor, Random random, Awaits awaits) {
      this.executor = executor;
      this.random = random;
      this.awaits = awaits;
      this.ways = new Ways(executor, random);
    }

    @Override
    public CompletionStage<?> body() {
      long madeAt = executor.nanoTime();
      RateLimiter limiter =
          RateLimiter.of(CAPACITY, Duration.ofMillis((long) CAPACITY * MILLIS_PER_PERMIT));
      assertThat(limiter.tryAcquire(CAPACITY)).isTrue();
      for (int i = 0; i < METHODS; i++) {
        int number = i;
        methods.add(executor.spawn(() -> method(number, limiter)));
      }
      HandWritten<String> frame =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state < METHODS) {
                  return awaits.await(self, methods.get(state).finished(), state + 1);
                }
                cameIn = (executor.nanoTime() - madeAt) / 1_000_000 / MILLIS_PER_PERMIT;
                while (limiter.tryAcquire()) {
                  left++;
                }
                return Async.done();
              });
      frame.run();
      return frame;
    }

    /** {@code for (rounds) { await(acquire(some), in some way); await(sleep); }}. */
    private CompletionStage<String> method(int number, RateLimiter limiter) {
      int[] wanted = {0};
      HandWritten<String> frame =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state > 0) {
                  Await.take(awaited);
                }
                if (state % 2 == 1) {
                  used += wanted[0];
                  return awaits.await(
                      self, executor.sleep(Duration.ofMillis(random.nextInt(8))), state + 1);
                }
                if (state == 2 * ROUNDS) {
                  return Async.done();
                }
                int some = 1 + random.nextInt(5);
                Task<?> acquire = limiter.acquire(some);
                boolean atOnce = acquire.isDone(); // such are used, whatever becomes of who did
                used += atOnce ? some : 0;
                wanted[0] = atOnce ? 0 : some;
                CompletableFuture<?> wait =
                    atOnce ? acquire : ways.to(acquire, () -> methods.get(number));
                waits.add(wait);
                return awaits.await(self, wait, state + 1);
              });
      frame.run();
      return frame;
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      int which = who / 4;
      if (who % 4 > 1 && ways.cancelOneWithValueUnderWay()) {
        return false;
      }
      if (who % 4 > 0 && !methods.isEmpty()) {
        methods.get(which % methods.size()).cancel(true);
      } else if (!waits.isEmpty()) {
        waits.get(waits.size() - 1).cancel(true);
      }
      return false;
    }

    @Override
    public void after() {
      assertThat(left + used)
          .as("%s used, %s left, of those that came in", used, left)
          .isEqualTo((int) cameIn);
    }
  }

  private static final class Acquiring implements EveryAwait.Program {
    private static final int CAPACITY = 5;
    private static final int MILLIS_PER_PERMIT = 4;
    private static final int METHODS = 4;
    private static final int ROUNDS = 4;

    private final WorkStealingExecutor executor;
    private final Random random;
    private final Awaits awaits;
    private final List<Task<String>> methods = new ArrayList<>();
    private final List<Task<?>> waits = new ArrayList<>();
    private final int[] passes = new int[METHODS];
    private @Nullable RateLimiter limiter;
    private boolean cancelled;

    /** What a bucket of its own holds that is filled and used as the limiter is, in permits. */
    private double model = CAPACITY;

    private long filledAt;
    private double least = CAPACITY;
    private int left;

    Acquiring(WorkStealingExecutor executor, Random random, Awaits awaits) {
      this.executor = executor;
      this.random = random;
      this.awaits = awaits;
    }

    private void used(long permits) {
      long now = executor.nanoTime();
      model = Math.min(CAPACITY, model + (now - filledAt) / 1e6 / MILLIS_PER_PERMIT);
      filledAt = now;
      model -= permits;
      least = Math.min(least, model);
    }

    @Override
    public CompletionStage<?> body() {
      filledAt = executor.nanoTime();
      limiter = RateLimiter.of(CAPACITY, Duration.ofMillis(CAPACITY * MILLIS_PER_PERMIT));
      for (int i = 0; i < METHODS; i++) {
        int number = i;
        methods.add(executor.spawn(() -> method(number)));
      }
      HandWritten<String> frame =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state < METHODS) {
                  return awaits.await(self, methods.get(state).finished(), state + 1);
                }
                used(0);
                while (limiter.tryAcquire()) {
                  left++;
                }
                return Async.done();
              });
      frame.run();
      return frame;
    }

    /** {@code for (rounds) { await(acquire(some)); await(sleep); }}. */
    private CompletionStage<String> method(int number) {
      long[] wanted = {0};
      HandWritten<String> frame =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state > 0) {
                  Await.take(awaited);
                }
                if (state % 2 == 1) {
                  used(wanted[0]);
                  passes[number]++;
                  return awaits.await(
                      self, executor.sleep(Duration.ofMillis(random.nextInt(8))), state + 1);
                }
                if (state == 2 * ROUNDS) {
                  return Async.done();
                }
                wanted[0] = 1 + random.nextInt(CAPACITY);
                Task<?> wait = limiter.acquire(wanted[0]);
                waits.add(wait);
                return awaits.await(self, wait, state + 1);
              });
      frame.run();
      return frame;
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      cancelled = true;
      int which = who / 3;
      switch (who % 3) {
        case 0 -> {
          if (!methods.isEmpty()) {
            methods.get(which % methods.size()).cancel(true);
          }
        }
        case 1 -> waits.stream().filter(it -> !it.isDone()).findFirst().ifPresent(Task::abort);
        default -> {
          if (!waits.isEmpty()) {
            waits.get(waits.size() - 1).cancel(true);
          }
        }
      }
      return false;
    }

    @Override
    public void after() {
      int cut = 0;
      for (int passed : passes) {
        cut += passed < ROUNDS ? 1 : 0;
      }
      assertThat(cut).as("methods that did not get all").isLessThanOrEqualTo(cancelled ? 1 : 0);
      assertThat(least).as("the least there was").isGreaterThan(-1e-6);
      assertThat(left).as("what is left").isEqualTo((int) (model + 1e-6));
    }
  }
}
