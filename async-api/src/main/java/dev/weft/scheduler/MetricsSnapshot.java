package dev.weft.scheduler;

import dev.weft.metrics.ExecutorMetrics;
import dev.weft.metrics.Histogram;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.scheduler.blocking.BlockingPool;
import dev.weft.scheduler.metrics.DurationCounts;
import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.InjectionQueue;
import dev.weft.scheduler.task.OwnedTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what the parts of a scheduler have counted. From any thread; stops none of them. */
final class MetricsSnapshot {
  private MetricsSnapshot() {}

  static ExecutorMetrics of(
      SchedulerConfig config, Worker[] workers, InjectionQueue injection, WorkUnderWay work) {
    List<WorkerMetrics> each = new ArrayList<>(workers.length);
    for (Worker worker : workers) {
      each.add(of(worker));
    }
    OwnedTasks.Counts tasks = work.owned.counts();
    BlockingPool blocking = work.blocking;
    return new ExecutorMetrics(
        config.name(),
        List.copyOf(each),
        tasks.started() + tasks.rejected(),
        tasks.finished(),
        tasks.aborted(),
        tasks.rejected(),
        tasks.started() - tasks.finished() - tasks.aborted(),
        injection.depth(),
        blocking.size(),
        blocking.idle(),
        blocking.waiting(),
        config.slowPolls().count(),
        sum(workers, worker -> worker.pollTimes),
        sum(workers, worker -> worker.latencies));
  }

  private static WorkerMetrics of(Worker worker) {
    WorkerCounters counters = worker.counters;
    return new WorkerMetrics(
        worker.index,
        counters.get(WorkerCounters.PARKS),
        counters.get(WorkerCounters.BUSY_NANOS),
        counters.get(WorkerCounters.POLLS),
        counters.get(WorkerCounters.LIFO_POLLS),
        counters.get(WorkerCounters.STEALS),
        counters.get(WorkerCounters.STEAL_OPERATIONS),
        counters.get(WorkerCounters.INJECTED),
        worker.queue.depth(),
        worker.queue.overflowCount(),
        counters.get(WorkerCounters.MEAN_POLL_NANOS),
        counters.get(WorkerCounters.FORCED_YIELDS),
        counters.get(WorkerCounters.TAKEOVERS),
        worker.life.isAsleep());
  }

  private static @Nullable Histogram sum(
      Worker[] workers, Function<Worker, @Nullable DurationCounts> counts) {
    long[] sum = new long[Histogram.BUCKETS];
    for (Worker worker : workers) {
      DurationCounts own = counts.apply(worker);
      if (own == null) {
        return null;
      }
      own.addTo(sum);
    }
    return new Histogram(sum);
  }
}
