package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Eight tasks on four workers hand one lock to each other for as long as there is something to do.
 * Nobody is forgotten, and nobody gets it twice while another one waits that came before.
 */
class HandOverStressTest {
  private static final int TASKS = 8;
  private static final int TURNS = Integer.getInteger("weft.turns", 25_000);

  /** Who has had how many turns, and how long it has waited for one. */
  private static final class Turns {
    private final int[] of = new int[TASKS];

    /** Written by who has the lock. */
    private volatile int all;

    private int mostWaited;

    void take(int task, int allWhenAsked) {
      of[task]++;
      int now = all;
      mostWaited = Math.max(mostWaited, now - allWhenAsked);
      all = now + 1;
    }
  }

  @Test
  void ofAMutex() throws Exception {
    AsyncMutex mutex = new AsyncMutex();
    handOver(mutex::lock);
    assertThat(mutex.isLocked()).isFalse();
  }

  @Test
  void ofASemaphore() throws Exception {
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    handOver(semaphore::acquire);
    assertThat(semaphore.availablePermits()).isOne();
  }

  @Test
  void ofALockForWriting() throws Exception {
    AsyncRwLock lock = new AsyncRwLock();
    handOver(lock::write);
    assertThat(lock.tryWrite()).isNotNull();
  }

  private static void handOver(Supplier<? extends Task<? extends AutoCloseable>> lock)
      throws Exception {
    Turns turns = new Turns();
    AsyncCountDownLatch all = new AsyncCountDownLatch(TASKS);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(4).noDriver().build()) {
      List<Task<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int number = i;
        tasks.add(executor.spawn(() -> holder(executor, lock, all, turns, number)));
      }
      for (Task<Void> task : tasks) {
        task.get(5, TimeUnit.MINUTES);
      }
    }
    assertThat(turns.all).isEqualTo(TASKS * TURNS);
    assertThat(turns.of).containsOnly(TURNS);
    // Those who had asked before, each once.
    assertThat(turns.mostWaited).isBetween(1, TASKS - 1);
  }

  /** Holds the lock over an await each time, so that the others have come to wait. */
  private static CompletableFuture<Void> holder(
      WorkStealingExecutor executor,
      Supplier<? extends Task<? extends AutoCloseable>> lock,
      AsyncCountDownLatch all,
      Turns turns,
      int number) {
    int[] left = {TURNS};
    int[] asked = {0};
    AutoCloseable[] held = {null};
    all.countDown();
    HandWritten<Void> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(all.opened(), 3);
              }
              if (state == 1) {
                held[0] = (AutoCloseable) Await.take(awaited);
                turns.take(number, asked[0]);
                return self.await(Async.yieldNow(), 2);
              }
              if (state == 2) {
                held[0].close();
              }
              if (left[0]-- == 0) {
                return Async.done();
              }
              Task<?> next = lock.get(); // from here on it stands in the queue
              asked[0] = turns.all;
              return self.await(next, 1);
            });
    frame.run();
    return frame;
  }
}
