package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who runs next, who helps, and that nobody starves. */
@Timeout(60)
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
          .get(10, TimeUnit.SECONDS);
      for (Task<Object> task : tasks) {
        task.get(10, TimeUnit.SECONDS);
      }
      assertThat(order).containsExactly(4, 0, 1, 2, 3);
      executor.close(Duration.ofSeconds(10));
    }
  }

  @Test
  void twoTasksThatWakeEachOtherDoNotStarveAThird() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      Task<Integer> pair =
          executor.spawn(
              () -> {
                executor.submit(() -> stop.compareAndSet(false, true));
                return again(executor, stop, 0);
              });
      assertThat(pair.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(4);
      executor.close(Duration.ofSeconds(10));
    }
  }

  /** Each task starts the next, which takes the LIFO slot. */
  private static Task<Integer> again(WorkStealingExecutor executor, AtomicBoolean stop, int depth) {
    return stop.get()
        ? Settled.value(depth)
        : executor.spawn(() -> again(executor, stop, depth + 1));
  }

  @Test
  void aTaskFromOutsideDoesNotStarveBehindLocalOnes() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AtomicBoolean stop = new AtomicBoolean();
      Task<Integer> one = executor.spawn(() -> again(executor, stop, 0));
      Task<Integer> other = executor.spawn(() -> again(executor, stop, 0));
      executor.submit(() -> stop.set(true), null).get(10, TimeUnit.SECONDS);
      one.get(10, TimeUnit.SECONDS);
      other.get(10, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(10));
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
      executor
          .spawn(
              () -> {
                executor.schedule(yielding);
                return again(executor, stop, 0);
              })
          .get(10, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(10));
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
                return ran.await(10, TimeUnit.SECONDS);
              })
          .thenAccept(all -> assertThat(all).isTrue())
          .get(20, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(10));
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
                return ran.await(10, TimeUnit.SECONDS);
              });
      assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
      executor.submit(() -> {}).get(10, TimeUnit.SECONDS); // has the other worker look around
      assertThat(busy.get(20, TimeUnit.SECONDS)).isTrue();
      executor.close(Duration.ofSeconds(10));
    }
  }

  @Test
  void aThousandTasksFitThroughAQueueOfFour() throws Exception {
    Scheduler.Config config =
        new Scheduler.Config(
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
            Scheduler.Measuring.NOTHING,
            null);
    WorkStealingExecutor outer = executor(1);
    Scheduler scheduler = new Scheduler(outer, config);
    scheduler.start();
    AtomicInteger ran = new AtomicInteger();
    Task<Void> all = new Task<>();
    OwnedTask<Void> first =
        new OwnedTask<>(
            scheduler,
            SchedulingTest.class,
            () -> {
              for (int i = 0; i < 1000; i++) {
                scheduler.start(
                    new OwnedTask<Void>(
                        scheduler,
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
    all.get(10, TimeUnit.SECONDS);
    scheduler.close(Duration.ZERO, Duration.ofSeconds(10));
    assertThat(scheduler.isTerminated()).isTrue();
    outer.close(Duration.ofSeconds(10));
  }

  @Test
  void anInterruptThatATaskLeavesBehindDoesNotKeepTheWorkerAwakeOrReachTheNext() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      executor.submit(() -> Thread.currentThread().interrupt(), null).get(10, TimeUnit.SECONDS);
      executor.sleep(Duration.ofMillis(20)).get(10, TimeUnit.SECONDS);
      assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
      executor.close(Duration.ofSeconds(10));
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
          .get(10, TimeUnit.SECONDS);
      for (var sleep : sleeps) {
        sleep.get(10, TimeUnit.SECONDS);
      }
      assertThat(order).containsExactly(10, 30, 50, 70, 90);
      executor.close(Duration.ofSeconds(10));
    }
  }

  @Test
  void aSleepThatIsStartedFromOutsideWakesAWorkerThatWouldSleepLonger() throws Exception {
    try (WorkStealingExecutor executor = executor(2)) {
      Task<Void> late = executor.sleep(Duration.ofDays(1));
      executor.sleep(Duration.ofMillis(5)).get(10, TimeUnit.SECONDS);
      executor.sleep(Duration.ofMillis(5)).get(10, TimeUnit.SECONDS);
      assertThat(late).isNotDone();
      late.cancel(true);
      executor.close(Duration.ofSeconds(10));
    }
  }
}
