package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who is woken for a task that comes from outside, while all workers sleep. */
class LoneRequestTest {
  private static final int REQUESTS = 200;

  private static void waitUntilAllSleep(WorkStealingExecutor executor) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!executor.metrics().workers().stream().allMatch(WorkerMetrics::parked)) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** The one that finds it looks whether there is more before it wakes the next. */
  @Test
  void oneWorkerIsWokenForATaskThatIsAlone() {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(4).noDriver().build()) {
      waitUntilAllSleep(executor);
      long before = executor.metrics().total(WorkerMetrics::parkCount);
      for (int i = 0; i < REQUESTS; i++) {
        executor.spawn(() -> CompletableFuture.completedFuture("done")).join();
        waitUntilAllSleep(executor);
      }
      long naps = executor.metrics().total(WorkerMetrics::parkCount) - before;
      assertThat(naps).isBetween((long) REQUESTS, REQUESTS * 3L / 2);
    }
  }
}
