package dev.weft;

import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tasks that do at random what tasks do: start others, yield, sleep, block, burn CPU, abort each
 * other, and wait for one of them. What each does follows from its own seed.
 */
final class RandomWork {
  private static final int MAX_DEPTH = 3;

  final AtomicLong spawned = new AtomicLong();
  final List<Task<Void>> tasks = new CopyOnWriteArrayList<>();
  private final WorkStealingExecutor executor;
  private final boolean timed;

  /**
   * @param timed whether to sleep and to burn CPU, too
   */
  RandomWork(WorkStealingExecutor executor, boolean timed) {
    this.executor = executor;
    this.timed = timed;
  }

  Task<Void> spawn(long seed, int depth) {
    spawned.incrementAndGet();
    Task<Void> task = executor.spawn(() -> body(new Random(seed), depth));
    tasks.add(task);
    return task;
  }

  private CompletableFuture<Void> body(Random random, int depth) {
    int steps = 1 + random.nextInt(6);
    HandWritten<Void> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (awaited != null && isCancelled(awaited)) {
                return Async.done();
              }
              return state == steps ? Async.done() : self.await(step(random, depth), state + 1);
            });
    frame.run();
    return frame;
  }

  /** Aborted, or what was awaited was: an end either way. */
  private static boolean isCancelled(CompletableFuture<?> awaited) {
    if (awaited != Await.YIELD && awaited.isCompletedExceptionally()) {
      return true;
    }
    return false;
  }

  private CompletableFuture<?> step(Random random, int depth) {
    switch (random.nextInt(timed ? 9 : 5)) {
      case 0, 1:
        return depth < MAX_DEPTH ? spawn(random.nextLong(), depth + 1) : Async.yieldNow();
      case 2:
        if (depth < MAX_DEPTH) {
          spawn(random.nextLong(), depth + 1); // and leaves it alone
        }
        return Async.yieldNow();
      case 3:
        return executor.spawnBlocking(() -> null);
      case 4:
        tasks.get(random.nextInt(tasks.size())).cancel(true);
        return Async.yieldNow();
      case 5:
        return executor.sleep(Duration.ofMillis(random.nextInt(4)));
      case 6:
        return executor.spawnBlocking(
            () -> {
              Thread.sleep(1);
              return null;
            });
      case 7:
        blockInPlace(random.nextInt(3));
        return spawn(random.nextLong(), depth + 1);
      default:
        long end = System.nanoTime() + random.nextInt(3_000_000);
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        return Async.yieldNow();
    }
  }

  private static void blockInPlace(int millis) {
    try {
      Async.blockInPlace(
          () -> {
            Thread.sleep(millis);
            return null;
          });
    } catch (Exception interrupted) {
      Thread.currentThread().interrupt(); // and the task goes on
    }
  }
}
