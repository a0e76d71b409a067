package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A worker that is stuck in a task leaves nothing lying: here the task waits for what it leaves, so
 * without help it would wait for ever.
 */
class StuckMonitorTest {
  private static WorkStealingExecutor executor(String name) {
    return WorkStealingExecutor.builder().name(name).workers(2).noDriver().build();
  }

  private static boolean await(CountDownLatch latch) throws InterruptedException {
    return latch.await(60, TimeUnit.SECONDS);
  }

  @Test
  void anotherWorkerRunsWhatIsInItsLifoSlot() throws Exception {
    try (WorkStealingExecutor executor = executor("lifo")) {
      for (int i = 0; i < 10; i++) {
        CountDownLatch ran = new CountDownLatch(1);
        Task<Boolean> stuck =
            executor.submit(
                () -> {
                  executor.execute(ran::countDown);
                  return await(ran);
                });
        assertThat(stuck.get()).isTrue();
      }
    }
  }

  @Test
  void anotherWorkerRunsItsQueue() throws Exception {
    try (WorkStealingExecutor executor = executor("queue")) {
      CountDownLatch ran = new CountDownLatch(20);
      Task<Boolean> stuck =
          executor.submit(
              () -> {
                for (int i = 0; i < 20; i++) {
                  executor.execute(ran::countDown);
                }
                return await(ran);
              });
      assertThat(stuck.get()).isTrue();
    }
  }

  @Test
  void anotherWorkerFiresItsTimers() throws Exception {
    try (WorkStealingExecutor executor = executor("timers")) {
      CountDownLatch fired = new CountDownLatch(1);
      Task<Boolean> stuck =
          executor.submit(
              () -> {
                executor.sleep(Duration.ofMillis(20)).thenRun(fired::countDown);
                return await(fired);
              });
      assertThat(stuck.get()).isTrue();
    }
  }

  @Test
  void itRestsWhileAllWorkersSleepAndNotAfter() throws Exception {
    try (WorkStealingExecutor executor = executor("resting")) {
      for (int i = 0; i < 3; i++) {
        assertThat(executor.submit(() -> 1).get(60, TimeUnit.SECONDS)).isOne();
        // Timed parks are TIMED_WAITING; only a rest has no end.
        while (monitor("resting-monitor").getState() != Thread.State.WAITING) {
          TimeUnit.MILLISECONDS.sleep(1); // between two looks, until the test's time is over
        }
        CountDownLatch ran = new CountDownLatch(1);
        Task<Boolean> stuck =
            executor.submit(
                () -> {
                  executor.execute(ran::countDown);
                  return await(ran); // needs the monitor awake again
                });
        assertThat(stuck.get()).isTrue();
      }
    }
  }

  private static Thread monitor(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElseThrow();
  }

  @Test
  void itEndsWithTheExecutor() throws Exception {
    WorkStealingExecutor executor = executor("ending");
    Thread monitor = monitor("ending-monitor");
    executor.close(Duration.ofSeconds(60));
    monitor.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(monitor.isAlive()).isFalse();
  }
}
