package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.metrics.ExecutorMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Random work on executors of random size, submitted by eight threads that go on while the executor
 * is closed: every future ends, what was counted adds up, and no thread is left. For as many
 * seconds as {@code -DargLine=-Dstress.seconds=60} says; 5 if it does not.
 */
class ExecutorStressTest {
  private static final int THREADS = 8;

  @Test
  void everyFutureEndsAndTheCountsAddUp() throws Exception {
    long seed = Long.getLong("stress.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("stress.seconds", 5));
    do {
      round(random);
    } while (System.nanoTime() < end);
  }

  private static void round(Random random) throws Exception {
    String name = "stress-" + random.nextInt(1_000_000);
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name(name)
            .workers(1 + random.nextInt(4))
            .localQueueCapacity(4 << random.nextInt(7))
            .maxBlockingThreads(1 + random.nextInt(8))
            .noDriver()
            .build();
    RandomWork work = new RandomWork(executor, true);
    List<Thread> submitters = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long seed = random.nextLong();
      Thread submitter = new Thread(() -> submitUntilRefused(work, new Random(seed)));
      submitter.start();
      submitters.add(submitter);
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(400)); // any moment will do to close
    executor.close(Duration.ofSeconds(60));
    for (Thread submitter : submitters) {
      submitter.join(60_000);
      assertThat(submitter.isAlive()).as("a submitter hangs").isFalse();
    }

    for (Task<Void> task : work.tasks) {
      try {
        task.get(0, TimeUnit.SECONDS);
      } catch (ExecutionException | java.util.concurrent.CancellationException ended) {
        // in whatever way
      }
    }
    ExecutorMetrics metrics = executor.metrics();
    assertThat(metrics.spawnedTasks()).isEqualTo(work.spawned.get());
    assertThat(metrics.finishedTasks() + metrics.abortedTasks() + metrics.rejectedTasks())
        .as(metrics.toString())
        .isEqualTo(metrics.spawnedTasks());
    assertThat(metrics.aliveTasks()).isZero();
    assertNoThreadIsLeft(name);
  }

  private static void submitUntilRefused(RandomWork work, Random random) {
    while (true) {
      Task<Void> task = work.spawn(random.nextLong(), 0);
      if (task.isCompletedExceptionally() && !task.isCancelled()) {
        return;
      }
      if (random.nextInt(4) == 0) {
        task.handle((value, error) -> null).join();
      }
    }
  }

  private static void assertNoThreadIsLeft(String name) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      List<Thread> left =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith(name))
              .toList();
      if (left.isEmpty()) {
        return;
      }
      assertThat(System.nanoTime()).as("threads left: " + left).isLessThan(deadline);
      left.get(0).join(1000);
    }
  }
}
