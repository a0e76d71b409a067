package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Clock;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.scheduler.task.OwnedTask;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.watch.SlowPolls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who runs next, who helps, and that nobody starves. */
class SchedulingTest {
  private static WorkStealingExecutor executor(int workers) {
    return WorkStealingExecutor.builder().workers(workers).noDriver().build();
  }

  @Test
  void theTaskStartedLastRunsFirstAndTheOthersInOrder() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().clock(new VirtualClock()).build()) {
      ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
      List<Task<Object>> tasks = new ArrayList<>();
      executor
          .submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  int number = i;
                  tasks.add(executor.submit(() -> order.add(number)));
                }
                return null;
              })
          .get(60, TimeUnit.SECONDS);
      for (Task<Object> task : tasks) {
        task.get(60, TimeUnit.SECONDS);
      }
      assertThat(order).containsExactly(4, 0, 1, 2, 3);
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void twoTasksThatWakeEachOtherDoNotStarveAThird() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      Task<Integer> end = new Task<>();
      executor.execute(
          () -> {
            executor.submit(() -> stop.compareAndSet(false, true));
            again(executor, stop, end, 0);
          });
      assertThat(end.get(60, TimeUnit.SECONDS)).isLessThanOrEqualTo(4);
      executor.close(Duration.ofSeconds(60));
    }
  }

  /**
   * Each task starts the next, which takes the LIFO slot, and ends: they do not pile up, however
   * long it takes until they are told to stop.
   */
  private static void again(
      WorkStealingExecutor executor, AtomicBoolean stop, Task<Integer> end, int started) {
    if (stop.get()) {
      end.complete(started);
    } else {
      executor.execute(() -> again(executor, stop, end, started + 1));
    }
  }

  @Test
  void aTaskFromOutsideDoesNotStarveBehindLocalOnes() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      Task<Integer> one = new Task<>();
      Task<Integer> other = new Task<>();
      executor.execute(() -> again(executor, stop, one, 0));
      executor.execute(() -> again(executor, stop, other, 0));
      executor.submit(() -> stop.set(true), null).get(60, TimeUnit.SECONDS);
      one.get(60, TimeUnit.SECONDS);
      other.get(60, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void aYieldedTaskDoesNotStarveBehindBusyOnes() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      HandWritten<Void> yielding =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state == 0) {
                  return self.await(Await.YIELD, 1);
                }
                stop.set(true);
                return Async.done();
              });
      Task<Integer> busy = new Task<>();
      executor.execute(
          () -> {
            executor.schedule(yielding);
            again(executor, stop, busy, 0);
          });
      busy.get(60, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void workersStealFromOneThatIsBusy() throws Exception {
    try (WorkStealingExecutor executor = executor(4)) {
      int tasks = 64;
      CountDownLatch ran = new CountDownLatch(tasks);
      executor
          .submit(
              () -> {
                for (int i = 0; i <= tasks; i++) {
                  executor.execute(ran::countDown);
                }
                // All but the last, which keeps the LIFO slot, can run only elsewhere.
                return ran.await(60, TimeUnit.SECONDS);
              })
          .thenAccept(all -> assertThat(all).isTrue())
          .get(60, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void aTaskInTheLifoSlotOfAWorkerThatIsBusyIsTakenByAnother() throws Exception {
    try (WorkStealingExecutor executor = executor(2)) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch ran = new CountDownLatch(1);
      Task<Boolean> busy =
          executor.submit(
              () -> {
                executor.execute(ran::countDown);
                started.countDown();
                return ran.await(60, TimeUnit.SECONDS);
              });
      assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
      executor.submit(() -> {}).get(60, TimeUnit.SECONDS); // has the other worker look around
      assertThat(busy.get(60, TimeUnit.SECONDS)).isTrue();
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void aThousandTasksFitThroughAQueueOfFour() throws Exception {
    SchedulerConfig config =
        new SchedulerConfig(
            "tiny",
            2,
            null,
            4,
            Duration.ofSeconds(1),
            false,
            4,
            0,
            true,
            Clock.SYSTEM,
            Hooks.NONE,
            SchedulerConfig.Measuring.NOTHING,
            SlowPolls.none("watched"),
            null);
    WorkStealingExecutor outer = executor(1);
    Scheduler scheduler = new Scheduler(outer, config);
    scheduler.start();
    AtomicInteger ran = new AtomicInteger();
    Task<Void> all = new Task<>();
    OwnedTask<Void> first =
        OwnedTask.of(
            outer,
            SchedulingTest.class,
            () -> {
              for (int i = 0; i < 1000; i++) {
                scheduler.start(
                    OwnedTask.<Void>of(
                        outer,
                        SchedulingTest.class,
                        () -> {
                          if (ran.incrementAndGet() == 1000) {
                            all.complete(null);
                          }
                          return Async.done();
                        }));
              }
              return Async.done();
            });
    scheduler.start(first);
    all.get(60, TimeUnit.SECONDS);
    scheduler.close(Duration.ZERO, Duration.ofSeconds(10));
    assertThat(scheduler.isTerminated()).isTrue();
    outer.close(Duration.ofSeconds(60));
  }

  @Test
  void anInterruptThatATaskLeavesBehindDoesNotKeepTheWorkerAwakeOrReachTheNext() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      executor.submit(() -> Thread.currentThread().interrupt(), null).get(60, TimeUnit.SECONDS);
      executor.sleep(Duration.ofMillis(20)).get(60, TimeUnit.SECONDS);
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void sleepsEndInTheirOrder() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().clock(new VirtualClock()).build()) {
      ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
      List<java.util.concurrent.CompletableFuture<?>> sleeps = new ArrayList<>();
      executor // so that the clock stands still until all of them have begun
          .submit(
              () -> {
                for (int millis : new int[] {90, 10, 50, 30, 70}) {
                  sleeps.add(
                      executor.sleep(Duration.ofMillis(millis)).thenRun(() -> order.add(millis)));
                }
              })
          .get(60, TimeUnit.SECONDS);
      for (var sleep : sleeps) {
        sleep.get(60, TimeUnit.SECONDS);
      }
      assertThat(order).containsExactly(10, 30, 50, 70, 90);
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void aSleepThatIsStartedFromOutsideWakesAWorkerThatWouldSleepLonger() throws Exception {
    try (WorkStealingExecutor executor = executor(2)) {
      Task<Void> late = executor.sleep(Duration.ofDays(1));
      executor.sleep(Duration.ofMillis(5)).get(60, TimeUnit.SECONDS);
      executor.sleep(Duration.ofMillis(5)).get(60, TimeUnit.SECONDS);
      assertThat(late).isNotDone();
      late.cancel(true);
      executor.close(Duration.ofSeconds(60));
    }
  }
}
