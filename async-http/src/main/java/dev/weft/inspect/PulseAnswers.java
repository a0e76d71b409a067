package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.SlowPoll;
import dev.weft.WorkStealingExecutor;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.metrics.Histogram;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.node.LoopUtilization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is counted anyway, whether anybody looks or not: so pages may ask for it each second. The
 * counters are sent as they are, with the time; what became of them in between is for the page to
 * find out, so nothing is kept here for any of them.
 */
final class PulseAnswers {
  /** When a page is to ask again. */
  static final int AGAIN_MILLIS = 1000;

  private final Program program;
  private final Names names;
  private final Scans scans;
  private final LongSupplier clock;

  PulseAnswers(Program program, Names names, Scans scans, LongSupplier clock) {
    this.program = program;
    this.names = names;
    this.scans = scans;
    this.clock = clock;
  }

  /**
   * The counters now.
   *
   * @param chosen the number of an executor; null for all
   * @param slowSeen what the page was told of slow polls last: they are sent if that has changed
   */
  Json pulse(@Nullable Integer chosen, String slowSeen) {
    Json json = new Json().open('{');
    json.member("micros", TimeUnit.NANOSECONDS.toMicros(clock.getAsLong()))
        .member("againMillis", AGAIN_MILLIS);
    Scan scan = scans.last();
    if (scan != null) {
      json.member("scanAgeMillis", TaskAnswers.millis(scans.ageNanos()));
    }
    List<SlowPoll> slow = new ArrayList<>();
    json.name("executors").open('[');
    for (Map.Entry<AsyncExecutor, String> each : program.executors().entrySet()) {
      AsyncExecutor executor = each.getKey();
      int number = names.numberOf(executor);
      json.open('{').member("id", number).member("name", each.getValue());
      if (chosen == null || chosen == number) {
        figures(json, executor);
        slow.addAll(slowPolls(executor));
      }
      json.close('}');
    }
    json.close(']');
    String state = stateOf(slow);
    json.member("slowSeen", state);
    if (!state.equals(slowSeen)) {
      json.name("slowPolls").open('[');
      slow.forEach(poll -> slowPoll(json, poll));
      json.close(']');
    }
    return json.close('}');
  }

  private static void figures(Json json, AsyncExecutor executor) {
    json.member("ended", executor.isTerminated());
    if (executor instanceof WorkStealingExecutor workers) {
      json.member("kind", "work-stealing");
      figures(json, workers.metrics());
    } else if (executor instanceof NodeExecutor node) {
      json.member("kind", "node");
      LoopUtilization loop = node.eventLoopUtilization();
      json.name("loop")
          .open('{')
          .member("idleMicros", TimeUnit.NANOSECONDS.toMicros(loop.idleNanos()))
          .member("busyMicros", TimeUnit.NANOSECONDS.toMicros(loop.activeNanos()))
          .close('}');
    } else {
      json.member("kind", "other");
    }
  }

  private static void figures(Json json, ExecutorMetrics now) {
    json.member("alive", now.aliveTasks())
        .member("spawned", now.spawnedTasks())
        .member("rejected", now.rejectedTasks())
        .member("injected", now.injectionQueueDepth())
        .member("blockingThreads", now.blockingThreads())
        .member("blockingIdle", now.idleBlockingThreads())
        .member("blockingQueue", now.blockingQueueDepth())
        .member("slowCount", now.slowPolls());
    json.name("workers").open('[');
    for (WorkerMetrics worker : now.workers()) {
      json.open('{')
          .member("index", worker.worker())
          .member("parked", worker.parked())
          .member("busyMicros", TimeUnit.NANOSECONDS.toMicros(worker.busyNanos()))
          .member("polls", worker.pollCount())
          .member("meanPollNanos", worker.meanPollNanos())
          .member("parks", worker.parkCount())
          .member("stolen", worker.stealCount())
          .member("steals", worker.stealOperations())
          .member("queue", worker.localQueueDepth())
          .member("takeovers", worker.loopTakeovers())
          .close('}');
    }
    json.close(']');
    histogram(json, "pollTimes", now.pollTimes());
    histogram(json, "latencies", now.scheduleLatencies());
  }

  /** Counts by power of two, which is as fine as a small chart is. */
  private static void histogram(Json json, String name, @Nullable Histogram histogram) {
    if (histogram == null) {
      return;
    }
    json.name(name).open('{');
    json.member("count", histogram.count())
        .member("p50", histogram.quantile(0.5))
        .member("p99", histogram.quantile(0.99))
        .member("max", histogram.quantile(1));
    json.name("bars").open('[');
    int bucket = 0;
    while (bucket < Histogram.BUCKETS) {
      long from = Histogram.lowerBound(bucket);
      long count = 0;
      do {
        count += histogram.count(bucket);
        bucket++;
      } while (bucket < Histogram.BUCKETS && Histogram.lowerBound(bucket) < 2 * from);
      if (count > 0) {
        json.open('[').value(from).value(count).close(']');
      }
    }
    json.close(']').close('}');
  }

  // ---- slow polls

  private static List<SlowPoll> slowPolls(AsyncExecutor executor) {
    return executor instanceof WorkStealingExecutor workers
        ? workers.slowPolls()
        : executor instanceof NodeExecutor node ? node.slowPolls() : List.of();
  }

  private static String stateOf(List<SlowPoll> slow) {
    long hash = slow.size();
    for (SlowPoll poll : slow) {
      hash = hash * 31 + poll.time().toEpochMilli();
      hash = hash * 31 + poll.duration().toMillis();
      hash = hash * 31 + (poll.over() ? 1 : 0);
    }
    return Long.toHexString(hash);
  }

  private static void slowPoll(Json json, SlowPoll poll) {
    StackTraceElement place = poll.place();
    StackTraceElement resumedAt = poll.resumedAt();
    json.open('{')
        .member("time", poll.time().toEpochMilli())
        .member("executor", poll.executor())
        .member("thread", poll.thread())
        .member("task", poll.task())
        .member("millis", poll.duration().toMillis())
        .member("over", poll.over())
        .member("place", place == null ? null : Lines.of(place))
        .member("resumedAt", resumedAt == null ? null : Lines.of(resumedAt))
        .member("blocker", poll.blocker())
        .member("advice", poll.advice())
        .member("ofSite", poll.ofSite())
        .close('}');
  }
}
