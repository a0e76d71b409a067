package dev.weft.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Publishes an executor's counters in a Micrometer registry:
 *
 * <pre>{@code
 * new WeftMeterBinder(executor::metrics).bindTo(registry);
 * }</pre>
 *
 * <p>Meters are named {@code weft.executor.*} and {@code weft.worker.*}, tagged with the {@code
 * executor}'s name, the latter with the {@code worker}'s index. Needs {@code micrometer-core},
 * which is an optional dependency. The registry keeps the source, and so the executor, from the
 * collector.
 */
public final class WeftMeterBinder implements MeterBinder {
  private final Supplier<ExecutorMetrics> source;
  private final Tags tags;

  /** For an executor, {@code executor::metrics}. */
  public WeftMeterBinder(Supplier<ExecutorMetrics> source) {
    this(source, Tags.empty());
  }

  /** The same with further tags for all meters. */
  public WeftMeterBinder(Supplier<ExecutorMetrics> source, Iterable<Tag> tags) {
    this.source = source;
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    ExecutorMetrics now = source.get();
    Tags own = tags.and("executor", now.name());
    counter(registry, own, "tasks.spawned", ExecutorMetrics::spawnedTasks);
    counter(registry, own, "tasks.finished", ExecutorMetrics::finishedTasks);
    counter(registry, own, "tasks.aborted", ExecutorMetrics::abortedTasks);
    counter(registry, own, "tasks.rejected", ExecutorMetrics::rejectedTasks);
    gauge(registry, own, "tasks.alive", ExecutorMetrics::aliveTasks);
    gauge(registry, own, "injection.queue.depth", ExecutorMetrics::injectionQueueDepth);
    gauge(registry, own, "blocking.threads", ExecutorMetrics::blockingThreads);
    gauge(registry, own, "blocking.threads.idle", ExecutorMetrics::idleBlockingThreads);
    gauge(registry, own, "blocking.queue.depth", ExecutorMetrics::blockingQueueDepth);
    counter(registry, own, "slow.polls", ExecutorMetrics::slowPolls);
    for (int i = 0; i < now.workers().size(); i++) {
      bindWorker(registry, own.and("worker", Integer.toString(i)), i);
    }
  }

  private void bindWorker(MeterRegistry registry, Tags own, int worker) {
    workerCounter(registry, own, worker, "parks", WorkerMetrics::parkCount);
    workerCounter(registry, own, worker, "polls", WorkerMetrics::pollCount);
    workerCounter(registry, own, worker, "polls.lifo", WorkerMetrics::lifoPollCount);
    workerCounter(registry, own, worker, "steals", WorkerMetrics::stealCount);
    workerCounter(registry, own, worker, "steal.operations", WorkerMetrics::stealOperations);
    workerCounter(registry, own, worker, "injected", WorkerMetrics::injectedCount);
    workerCounter(registry, own, worker, "overflows", WorkerMetrics::overflowCount);
    workerCounter(registry, own, worker, "yields.forced", WorkerMetrics::forcedYieldCount);
    workerCounter(registry, own, worker, "loop.takeovers", WorkerMetrics::loopTakeovers);
    Gauge.builder("weft.worker.queue.depth", source, of(worker, WorkerMetrics::localQueueDepth))
        .tags(own)
        .strongReference(true)
        .register(registry);
    time(registry, own, "weft.worker.busy", of(worker, WorkerMetrics::busyNanos));
    time(registry, own, "weft.worker.poll.mean", of(worker, WorkerMetrics::meanPollNanos));
  }

  private void counter(
      MeterRegistry registry, Tags own, String name, ToLongFunction<ExecutorMetrics> figure) {
    FunctionCounter.builder(
            "weft.executor." + name, source, metrics -> figure.applyAsLong(metrics.get()))
        .tags(own)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, Tags own, String name, ToLongFunction<ExecutorMetrics> figure) {
    Gauge.builder("weft.executor." + name, source, metrics -> figure.applyAsLong(metrics.get()))
        .tags(own)
        .strongReference(true)
        .register(registry);
  }

  private void workerCounter(
      MeterRegistry registry,
      Tags own,
      int worker,
      String name,
      ToLongFunction<WorkerMetrics> figure) {
    FunctionCounter.builder("weft.worker." + name, source, of(worker, figure))
        .tags(own)
        .register(registry);
  }

  private void time(
      MeterRegistry registry,
      Tags own,
      String name,
      ToDoubleFunction<Supplier<ExecutorMetrics>> nanos) {
    TimeGauge.builder(name, source, TimeUnit.NANOSECONDS, nanos)
        .tags(own)
        .strongReference(true)
        .register(registry);
  }

  private static ToDoubleFunction<Supplier<ExecutorMetrics>> of(
      int worker, ToLongFunction<WorkerMetrics> figure) {
    return metrics -> figure.applyAsLong(metrics.get().workers().get(worker));
  }
}
