package dev.weft;

import dev.weft.dump.JmxTasks;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.metrics.JmxMetrics;
import java.util.function.Supplier;

/** What an executor has in JMX: its counters, and its share of the dumps of tasks. */
final class JmxPublication implements AutoCloseable {
  private final JmxMetrics metrics;
  private final JmxTasks tasks;

  JmxPublication(String name, Supplier<ExecutorMetrics> counters) {
    metrics = JmxMetrics.register(name, counters);
    tasks = JmxTasks.register();
  }

  /** Does nothing the second time. */
  @Override
  public void close() {
    metrics.close();
    tasks.close();
  }
}
