package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Awaits;
import dev.weft.frame.Seeds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Tasks that use a lock each, in as many orders as there are seeds; one of them is cancelled at its
 * k-th await, for every k, before it goes on or while it waits, as the seed has it. Afterwards all
 * have ended, and nothing is lost, leaked or held.
 */
class SyncSeedsTest {
  private static final int TASKS = 5;
  private static final int ROUNDS = 4;
  private static final int MOST_AWAITS = 40;

  /** What one run uses, and what must hold after it. */
  interface Scenario {
    CompletionStage<Void> body(int task, Random random, Awaits awaits);

    void after();
  }

  /** Makes a scenario for a run. */
  interface Scenarios {
    Scenario on(WorkStealingExecutor executor);
  }

  /** Cancels the first task at each of its awaits in turn, until it has no more. */
  static void forEverySeed(Scenarios scenarios) {
    Seeds.all()
        .forEach(
            seed -> {
              boolean over = false;
              for (int at = 0; !over && at < MOST_AWAITS; at++) {
                try {
                  over = run(scenarios, seed, at) && at > 0;
                } catch (Throwable error) {
                  throw new AssertionError("seed " + seed + ", cancelled at await " + at, error);
                }
              }
              assertThat(over).as("every await was tried").isTrue();
            });
  }

  /** True if the task has ended before it came to that await. */
  private static boolean run(Scenarios scenarios, long seed, int at) throws Exception {
    Random random = Seeds.random(seed);
    boolean atOnce = random.nextBoolean();
    Awaits counted = new Awaits(at);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      Scenario scenario = scenarios.on(executor);
      List<Task<Void>> tasks = new ArrayList<>();
      Callable<CompletionStage<Void>> start =
          () -> {
            for (int i = 0; i < TASKS; i++) {
              int number = i;
              Awaits awaits = i == 0 ? counted : new Awaits(0);
              tasks.add(executor.spawn(() -> scenario.body(number, random, awaits)));
            }
            Task<Void> victim = tasks.get(0);
            counted.cancelsBy(
                () -> {
                  if (atOnce) {
                    victim.cancel(true);
                  } else {
                    executor.execute(() -> victim.cancel(true));
                  }
                });
            return Async.done();
          };
      executor.blockOn(start);
      for (Task<Void> task : tasks) {
        assertThat(task.awaitFinished(Duration.ofMinutes(1))).as("ended").isTrue();
        if (!task.isCancelled()) {
          task.join();
        }
      }
      scenario.after();
    }
    return counted.isOver();
  }

  /** So many are inside at most; each in for its weight. */
  static final class Room {
    final int size;
    int inside;
    int entered;

    Room(int size) {
      this.size = size;
    }

    void enter(int weight) {
      entered++;
      inside += weight;
      assertThat(inside).isBetween(0, size);
    }

    void leave(int weight) {
      inside -= weight;
    }
  }

  @Test
  void mutex() {
    forEverySeed(
        executor -> {
          AsyncMutex mutex = new AsyncMutex();
          Room room = new Room(1);
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              return Steps.using(
                  executor,
                  mutex::lock,
                  ROUNDS,
                  random,
                  () -> room.enter(1),
                  () -> room.leave(1),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(room.inside).isZero();
              assertThat(mutex.tryLock()).isNotNull();
            }
          };
        });
  }

  @Test
  void semaphore() {
    forEverySeed(
        executor -> {
          AsyncSemaphore semaphore = new AsyncSemaphore(4);
          Room room = new Room(4);
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              int weight = 1 + random.nextInt(4);
              return Steps.using(
                  executor,
                  () -> semaphore.acquire(weight),
                  ROUNDS,
                  random,
                  () -> room.enter(weight),
                  () -> room.leave(weight),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(room.inside).isZero();
              assertThat(semaphore.tryAcquire(4)).isNotNull();
              assertThat(semaphore.availablePermits()).isZero();
            }
          };
        });
  }

  @Test
  void readersAndWriters() {
    forEverySeed(
        executor -> {
          AsyncRwLock lock = new AsyncRwLock();
          Room room = new Room(TASKS);
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              boolean writes = random.nextInt(3) == 0;
              int weight = writes ? TASKS : 1;
              return Steps.using(
                  executor,
                  () -> writes ? lock.write() : lock.read(),
                  ROUNDS,
                  random,
                  () -> room.enter(weight),
                  () -> room.leave(weight),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(room.inside).isZero();
              assertThat(lock.tryWrite()).isNotNull();
            }
          };
        });
  }

  /** Two put and three take; who was cancelled has put or taken less, and a last one makes up. */
  @Test
  void condition() {
    forEverySeed(
        executor -> {
          AsyncMutex mutex = new AsyncMutex();
          AsyncCondition filled = mutex.newCondition();
          ArrayDeque<Integer> items = new ArrayDeque<>();
          int[] taken = {0};
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              if (task < 3) {
                return Steps.whenReady(
                    executor,
                    mutex,
                    filled,
                    () -> !items.isEmpty(),
                    () -> {
                      assertThat(mutex.isLocked()).isTrue();
                      items.remove();
                      taken[0]++;
                    },
                    ROUNDS,
                    awaits);
              }
              return Steps.whenReady(
                  executor,
                  mutex,
                  filled,
                  () -> true,
                  () -> {
                    for (int i = 0; i < 3; i++) {
                      items.add(i);
                      filled.signal();
                    }
                  },
                  ROUNDS,
                  awaits);
            }

            @Override
            public void after() {
              assertThat(taken[0] + items.size()).isEqualTo(2 * ROUNDS * 3);
              assertThat(taken[0]).isBetween(2 * ROUNDS, 3 * ROUNDS);
              AsyncMutex.Held held = mutex.tryLock();
              assertThat(held).isNotNull();
              assertThat(filled.signal()).isFalse();
            }
          };
        });
  }

  static BooleanSupplier times(int number) {
    int[] left = {number};
    return () -> left[0]-- > 0;
  }

  /** One notifies, when the last notification has come to somebody: none gets lost. */
  @Test
  void notifications() {
    forEverySeed(
        executor -> {
          Notify notify = new Notify();
          int[] sent = {0};
          int[] told = {0};
          int[] patience = {0};
          List<CompletableFuture<Void>> waiters = new ArrayList<>();
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              if (task < TASKS - 1) {
                CompletableFuture<Void> waiter =
                    Steps.eachTime(
                        executor,
                        notify::notified,
                        () -> {
                          told[0]++;
                          patience[0] = 0;
                        },
                        times(ROUNDS),
                        awaits);
                waiters.add(waiter);
                return waiter;
              }
              return Steps.eachTime(
                  executor,
                  Async::yieldNow,
                  () -> {
                    assertThat(++patience[0]).as("yields without a notification").isLessThan(1_000);
                    if (told[0] == sent[0]) {
                      sent[0]++;
                      notify.notifyOne();
                    }
                  },
                  () -> waiters.size() < TASKS - 1 || waiters.stream().anyMatch(it -> !it.isDone()),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(told[0]).isBetween((TASKS - 2) * ROUNDS, (TASKS - 1) * ROUNDS);
              assertThat(sent[0] - told[0]).isBetween(0, 1);
            }
          };
        });
  }

  /** Who makes the value may be the one that is cancelled; the others get one, and the same. */
  @Test
  void onceCell() {
    forEverySeed(
        executor -> {
          OnceCell<String> cell = new OnceCell<>();
          List<String> made = new ArrayList<>();
          List<String> got = new ArrayList<>();
          return new Scenario() {
            private CompletionStage<String> make(int task) {
              String value = new String("made by " + task);
              return Steps.eachTime(executor, Async::yieldNow, () -> {}, times(2), new Awaits(0))
                  .thenApply(
                      done -> {
                        made.add(value);
                        return value;
                      });
            }

            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              return Steps.eachTime(
                  executor,
                  () -> cell.getOrInit(() -> make(task)),
                  () -> got.add(cell.get()),
                  times(ROUNDS),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(got).hasSizeBetween((TASKS - 1) * ROUNDS, TASKS * ROUNDS);
              assertThat(got).allMatch(it -> it == cell.get());
              assertThat(made).hasSizeBetween(1, 2).contains(cell.get());
            }
          };
        });
  }

  /** The latch opens for all who still wait, and counts for nobody who was cancelled. */
  @Test
  void latch() {
    forEverySeed(
        executor -> {
          AsyncCountDownLatch latch = new AsyncCountDownLatch(ROUNDS);
          int[] through = {0};
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              return task == TASKS - 1
                  ? Steps.eachTime(
                      executor, Async::yieldNow, latch::countDown, times(ROUNDS), awaits)
                  : Steps.eachTime(
                      executor,
                      latch::opened,
                      () -> {
                        assertThat(latch.count()).isZero();
                        through[0]++;
                      },
                      times(2),
                      awaits);
            }

            @Override
            public void after() {
              assertThat(through[0]).isBetween(2 * (TASKS - 2), 2 * (TASKS - 1));
            }
          };
        });
  }

  /** Who was cancelled is made up for by another, who comes until all have been through. */
  @Test
  void barrier() {
    forEverySeed(
        executor -> {
          AsyncBarrier barrier = new AsyncBarrier(2);
          int[] through = {0};
          List<CompletableFuture<Void>> others = new ArrayList<>();
          return new Scenario() {
            @Override
            public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
              if (task < TASKS - 1) {
                CompletableFuture<Void> other =
                    Steps.eachTime(
                        executor, barrier::arrive, () -> through[0]++, times(ROUNDS), awaits);
                others.add(other);
                return other;
              }
              return Steps.eachTime(
                  executor,
                  Async::yieldNow,
                  () -> {
                    if (barrier.waiting() == 1) {
                      barrier.arrive();
                      through[0]++;
                    }
                  },
                  () -> others.size() < TASKS - 1 || others.stream().anyMatch(it -> !it.isDone()),
                  awaits);
            }

            @Override
            public void after() {
              assertThat(through[0] % 2).isZero();
              assertThat(barrier.waiting()).isZero();
            }
          };
        });
  }
}
