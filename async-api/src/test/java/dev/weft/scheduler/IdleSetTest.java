package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Who is woken, who may search, and that work is never left lying while all sleep. */
class IdleSetTest {
  @Test
  void wakesTheNewestSleeper() {
    IdleSet idle = new IdleSet(4);
    assertThat(idle.takeSleeper()).isEqualTo(IdleSet.NOBODY);
    idle.sleep(2, false);
    idle.sleep(0, false);
    assertThat(idle.sleeping()).isEqualTo(2);
    assertThat(idle.takeSleeper()).isZero();
    assertThat(idle.sleeping()).isOne();
    assertThat(idle.searching()).as("the one that was woken searches").isOne();
  }

  @Test
  void wakesNobodyWhileSomebodySearches() {
    IdleSet idle = new IdleSet(4);
    idle.sleep(1, false);
    idle.sleep(2, false);
    assertThat(idle.takeSleeper()).isEqualTo(2);
    assertThat(idle.wantsWake()).isFalse();
    assertThat(idle.takeSleeper()).isEqualTo(IdleSet.NOBODY);
    assertThat(idle.takeSleeperAnyway()).isEqualTo(1);
    assertThat(idle.stopSearching()).isFalse();
    assertThat(idle.stopSearching()).as("the last one").isTrue();
  }

  @Test
  void letsHalfOfTheWorkersSearch() {
    IdleSet idle = new IdleSet(4);
    assertThat(idle.startSearching()).isTrue();
    assertThat(idle.startSearching()).isTrue();
    assertThat(idle.startSearching()).isFalse();
    idle.sleep(0, true);
    assertThat(idle.startSearching()).isTrue();
    assertThat(new IdleSet(1).startSearching()).as("the only one").isTrue();
  }

  @Test
  void aWorkerThatRisesByItselfIsForgottenAndOneThatWasWokenSearches() {
    IdleSet idle = new IdleSet(4);
    idle.sleep(0, false);
    idle.sleep(1, false);
    idle.sleep(2, false);
    assertThat(idle.rise(1)).isFalse();
    assertThat(idle.takeSleeper()).isEqualTo(2);
    assertThat(idle.rise(2)).isTrue();
    assertThat(idle.stopSearching()).isTrue();
    assertThat(idle.takeSleeper()).isZero();
    assertThat(idle.takeSleeper()).isEqualTo(IdleSet.NOBODY);
  }

  /**
   * Pushers put work into one counter, and workers follow the protocol as {@link Worker} does. All
   * work is done, although nobody ever sleeps with a timeout.
   */
  @RepeatedTest(3)
  void noWakeUpIsLost() throws Exception {
    int workers = 3;
    int items = 100_000;
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    IdleSet idle = new IdleSet(workers);
    AtomicInteger work = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Thread[] threads = new Thread[workers];
    for (int w = 0; w < workers; w++) {
      int self = w;
      threads[w] = new Thread(() -> work(self, idle, work, done, items, threads));
      threads[w].setDaemon(true);
    }
    for (Thread thread : threads) {
      thread.start();
    }
    ExecutorService pushers = Executors.newFixedThreadPool(2);
    List<Future<?>> ends = new ArrayList<>();
    for (int p = 0; p < 2; p++) {
      Random random = new Random(seed + p);
      ends.add(
          pushers.submit(
              () -> {
                for (int i = 0; i < items / 2; i++) {
                  work.incrementAndGet();
                  wakeOne(idle, threads);
                  for (int pause = random.nextInt(100); pause > 0; pause--) {
                    Thread.onSpinWait();
                  }
                }
              }));
    }
    for (Future<?> end : ends) {
      end.get(200, TimeUnit.SECONDS);
    }
    pushers.shutdown();
    for (Thread thread : threads) {
      thread.join(200_000);
      assertThat(thread.isAlive()).as("%d of %d done, %s", done.get(), items, idle).isFalse();
    }
    assertThat(done).hasValue(items);
  }

  private static void wakeOne(IdleSet idle, Thread[] threads) {
    int sleeper = idle.takeSleeper();
    if (sleeper != IdleSet.NOBODY) {
      LockSupport.unpark(threads[sleeper]);
    }
  }

  private static boolean take(AtomicInteger work) {
    return work.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private static void work(
      int self, IdleSet idle, AtomicInteger work, AtomicInteger done, int items, Thread[] threads) {
    boolean searching = false;
    while (done.get() < items) {
      if (!searching) {
        searching = idle.startSearching();
      }
      if (searching && take(work)) {
        searching = false;
        if (idle.stopSearching()) {
          wakeOne(idle, threads);
        }
        if (done.incrementAndGet() == items) {
          for (Thread thread : threads) {
            LockSupport.unpark(thread);
          }
        }
        continue;
      }
      idle.sleep(self, searching);
      if (work.get() == 0 && done.get() < items) {
        LockSupport.park();
      }
      searching = idle.rise(self);
    }
  }
}
