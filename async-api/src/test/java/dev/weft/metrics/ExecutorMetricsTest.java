package dev.weft.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What an executor counts is what has happened. */
class ExecutorMetricsTest {
  private static WorkStealingExecutorBuilder builder(int workers) {
    return WorkStealingExecutor.builder().name("counted").workers(workers).noDriver();
  }

  @Test
  void countsTasksByHowTheyEnded() throws Exception {
    WorkStealingExecutor executor = builder(1).build();
    executor.spawn(() -> Async.done()).get(60, TimeUnit.SECONDS);
    executor
        .spawn(
            () -> {
              throw new IllegalStateException("on purpose");
            })
        .handle((value, error) -> null)
        .get(60, TimeUnit.SECONDS);
    Task<Object> parked = executor.spawn(() -> new Task<>());
    parked.cancel(true);
    assertThat(executor.metrics().spawnedTasks()).isEqualTo(3);
    executor.close(Duration.ofSeconds(60));
    executor.spawn(() -> Async.done()).handle((value, error) -> null);

    ExecutorMetrics metrics = executor.metrics();
    assertThat(metrics.spawnedTasks()).isEqualTo(4);
    assertThat(metrics.finishedTasks()).isEqualTo(2);
    assertThat(metrics.abortedTasks()).isEqualTo(1);
    assertThat(metrics.rejectedTasks()).isEqualTo(1);
    assertThat(metrics.aliveTasks()).isZero();
    assertThat(metrics.injectionQueueDepth()).isZero();
  }

  @Test
  void countsPollsAndForcedYields() throws Exception {
    try (WorkStealingExecutor executor = builder(1).build()) {
      executor.blockOn(
          () -> {
            for (int i = 0; i < 128; i++) {
              Await.isReady(Async.done());
            }
            assertThat(Await.isReady(Async.done())).isFalse();
            return Async.done();
          });
      for (int i = 0; i < 10; i++) {
        executor.submit(() -> {}).get(60, TimeUnit.SECONDS);
      }
      ExecutorMetrics metrics = executor.metrics();
      assertThat(metrics.total(WorkerMetrics::forcedYieldCount)).isEqualTo(1);
      assertThat(metrics.total(WorkerMetrics::pollCount)).isGreaterThanOrEqualTo(11);
      assertThat(metrics.total(WorkerMetrics::injectedCount)).isGreaterThanOrEqualTo(11);
      assertThat(metrics.pollTimes()).isNull();
    }
  }

  @Test
  void countsWhatWaitsWhatOverflowsAndWhatIsStolen() throws Exception {
    try (WorkStealingExecutor executor = builder(2).build()) {
      int tasks = 600;
      CountDownLatch ran = new CountDownLatch(tasks);
      Task<Boolean> all =
          executor.submit(
              () -> {
                for (int i = 0; i <= tasks; i++) {
                  executor.execute(ran::countDown);
                }
                return ran.await(60, TimeUnit.SECONDS); // by the other worker, be they in overflow
              });
      assertThat(all.get(60, TimeUnit.SECONDS)).isTrue();
      ExecutorMetrics metrics = executor.metrics();
      assertThat(metrics.total(WorkerMetrics::stealOperations)).isPositive();
      assertThat(metrics.total(WorkerMetrics::stealCount))
          .isGreaterThanOrEqualTo(metrics.total(WorkerMetrics::stealOperations));
    }
  }

  @Test
  void countsLifoPolls() throws Exception {
    try (WorkStealingExecutor executor = builder(1).build()) {
      CountDownLatch ran = new CountDownLatch(1);
      executor.submit(() -> executor.execute(ran::countDown)).get(60, TimeUnit.SECONDS);
      assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue(); // counted before it is run
      assertThat(executor.metrics().total(WorkerMetrics::lifoPollCount)).isEqualTo(1);
    }
  }

  @Test
  void measuresPollsAndWaitsIfTold() throws Exception {
    try (WorkStealingExecutor executor =
        builder(1).pollTimeHistogram(true).scheduleLatencyHistogram(true).build()) {
      for (int i = 0; i < 100; i++) {
        executor.submit(() -> {}).get(60, TimeUnit.SECONDS);
      }
      ExecutorMetrics metrics = executor.metrics();
      assertThat(metrics.pollTimes().count()).isGreaterThanOrEqualTo(99);
      assertThat(metrics.scheduleLatencies().count()).isPositive();
    }
  }

  @Test
  void isInJmxUntilTheExecutorIsClosed() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName first = new ObjectName("dev.weft:type=Executor,name=\"counted\"");
    ObjectName second = new ObjectName("dev.weft:type=Executor,name=\"counted-2\"");
    try (WorkStealingExecutor one = builder(2).jmx(true).build();
        WorkStealingExecutor other = builder(3).jmx(true).build()) {
      one.submit(() -> {}).get(60, TimeUnit.SECONDS);
      assertThat(server.getAttribute(first, "SpawnedTasks")).isEqualTo(1L);
      assertThat((long[]) server.getAttribute(first, "PollCount")).hasSize(2);
      assertThat(server.getAttribute(second, "Workers")).isEqualTo(3);
      assertThat(server.getAttribute(second, "SlowPolls")).isEqualTo(0L);
    }
    assertThat(server.isRegistered(first)).isFalse();
    assertThat(server.isRegistered(second)).isFalse();
  }

  @Test
  void isPublishedByMicrometer() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (WorkStealingExecutor executor = builder(2).build()) {
      new WeftMeterBinder(executor::metrics).bindTo(registry);
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        tasks.add(executor.submit(() -> {}));
      }
      for (Task<?> task : tasks) {
        task.get(60, TimeUnit.SECONDS);
      }
      assertThat(registry.get("weft.executor.tasks.spawned").functionCounter().count())
          .isEqualTo(5);
      assertThat(registry.get("weft.worker.polls").tag("executor", "counted").functionCounters())
          .hasSize(2);
      assertThat(registry.get("weft.executor.slow.polls").functionCounter().count())
          .isEqualTo(executor.metrics().slowPolls());
      assertThat(registry.get("weft.worker.busy").timeGauges()).hasSize(2);
    }
  }

  /** The frame is only here so that a yield is counted as what it is: not forced. */
  @Test
  void aYieldIsNotForced() throws Exception {
    try (WorkStealingExecutor executor = builder(1).build()) {
      executor.blockOn(
          () -> {
            HandWritten<Void> frame =
                new HandWritten<>(
                    executor,
                    (self, state, awaited) ->
                        state == 0 ? self.await(Async.yieldNow(), 1) : Async.done());
            frame.run();
            return frame;
          });
      assertThat(executor.metrics().total(WorkerMetrics::forcedYieldCount)).isZero();
    }
  }
}
