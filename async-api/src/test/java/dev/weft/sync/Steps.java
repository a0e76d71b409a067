package dev.weft.sync;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.HandWritten;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Methods as they are written with these locks, by hand. Each of their awaits suspends, also where
 * the value is there, as it does when the coop budget is spent.
 */
final class Steps {
  private Steps() {}

  private static <T> CompletableFuture<T> started(HandWritten<T> frame) {
    frame.run();
    return frame;
  }

  /**
   *
   *
   * <pre>
   * for (rounds) {
   *   try (var held = await(acquire.get())) {
   *     entered.run();
   *     try { for (random) await(yieldNow()); } finally { left.run(); }
   *   }
   * }
   * </pre>
   */
  static CompletableFuture<Void> using(
      WorkStealingExecutor executor,
      Supplier<? extends CompletableFuture<? extends AutoCloseable>> acquire,
      int rounds,
      Random random,
      Runnable entered,
      Runnable left,
      Awaits awaits) {
    int[] round = {0};
    int[] yields = {0};
    AutoCloseable[] held = {null};
    return started(
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                held[0] = (AutoCloseable) Await.take(awaited);
                yields[0] = random.nextInt(3);
                entered.run();
              }
              if (state == 2) {
                try {
                  Await.take(awaited);
                } catch (Throwable cancelled) {
                  left.run();
                  held[0].close();
                  throw cancelled;
                }
              }
              if (state > 0) {
                if (yields[0]-- > 0) {
                  return awaits.await(self, Async.yieldNow(), 2);
                }
                left.run();
                held[0].close();
              }
              return round[0]++ == rounds ? Async.done() : awaits.await(self, acquire.get(), 1);
            }));
  }

  /**
   *
   *
   * <pre>
   * for (rounds) {
   *   try (var held = await(mutex.lock())) {
   *     while (!ready) await(condition.signalled());
   *     act.run();
   *     signal.run();
   *   }
   * }
   * </pre>
   */
  static CompletableFuture<Void> whenReady(
      WorkStealingExecutor executor,
      AsyncMutex mutex,
      AsyncCondition condition,
      BooleanSupplier ready,
      Runnable act,
      int rounds,
      Awaits awaits) {
    int[] round = {0};
    AsyncMutex.Held[] held = {null};
    return started(
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                held[0] = (AsyncMutex.Held) Await.take(awaited);
              }
              if (state == 2) {
                try {
                  Await.take(awaited);
                } catch (Throwable cancelled) {
                  held[0].close();
                  throw cancelled;
                }
              }
              if (state > 0) {
                if (!ready.getAsBoolean()) {
                  return awaits.await(self, condition.signalled(), 2);
                }
                act.run();
                held[0].close();
              }
              return round[0]++ == rounds ? Async.done() : awaits.await(self, mutex.lock(), 1);
            }));
  }

  /** Awaits one thing after the other and does what each of them brings. */
  static CompletableFuture<Void> doing(
      WorkStealingExecutor executor,
      Supplier<? extends CompletableFuture<Runnable>> source,
      BooleanSupplier more,
      Awaits awaits) {
    return started(
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                ((Runnable) Await.take(awaited)).run();
              }
              return more.getAsBoolean() ? awaits.await(self, source.get(), 1) : Async.done();
            }));
  }

  /** Awaits the same thing for as long as there is more to do, and does something after each. */
  static CompletableFuture<Void> eachTime(
      WorkStealingExecutor executor,
      Supplier<? extends CompletableFuture<?>> source,
      Runnable then,
      BooleanSupplier more,
      Awaits awaits) {
    return started(
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                Await.take(awaited);
                then.run();
              }
              return more.getAsBoolean() ? awaits.await(self, source.get(), 1) : Async.done();
            }));
  }
}
