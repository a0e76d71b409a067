package dev.weft.metrics;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes an executor's counters in the platform's MBean server, until it is closed.
 *
 * <p>An executor that was built with {@code jmx(true)} does so by itself. Under another name:
 *
 * <pre>{@code
 * try (JmxMetrics published = JmxMetrics.register("shop", executor::metrics)) {
 *   System.out.println("see " + published.name());
 *   executor.blockOn(() -> serve(8080));
 * }
 * }</pre>
 */
public final class JmxMetrics implements ExecutorMXBean, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JmxMetrics.class);

  /** How many executors of one name may be registered at a time. Guessed. */
  private static final int MAX_NAMESAKES = 1000;

  private final Supplier<ExecutorMetrics> source;
  private @Nullable ObjectName registered;

  private JmxMetrics(Supplier<ExecutorMetrics> source) {
    this.source = source;
  }

  /**
   * Registers the counters as {@code dev.weft:type=Executor,name=NAME}; where there is one of that
   * name already, as {@code NAME-2} and so on.
   */
  public static JmxMetrics register(String name, Supplier<ExecutorMetrics> source) {
    JmxMetrics metrics = new JmxMetrics(source);
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    for (int number = 1; number <= MAX_NAMESAKES; number++) {
      String unique = number == 1 ? name : name + "-" + number;
      try {
        ObjectName key = new ObjectName("dev.weft:type=Executor,name=" + ObjectName.quote(unique));
        server.registerMBean(metrics, key);
        metrics.registered = key;
        break;
      } catch (InstanceAlreadyExistsException taken) {
        log.debug("There is an executor {} in JMX already", unique);
      } catch (JMException refused) {
        log.warn("The metrics of the executor {} are not in JMX", name, refused);
        break;
      }
    }
    return metrics;
  }

  /** Under which name the counters are registered; null if they are not. */
  public synchronized @Nullable ObjectName name() {
    return registered;
  }

  /** Unregisters the counters. */
  @Override
  public synchronized void close() {
    if (registered != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(registered);
      } catch (JMException gone) {
        log.debug("{} had been unregistered", registered, gone);
      }
      registered = null;
    }
  }

  private long[] each(ToLongFunction<WorkerMetrics> figure) {
    return source.get().workers().stream().mapToLong(figure).toArray();
  }

  @Override
  public int getWorkers() {
    return source.get().workers().size();
  }

  @Override
  public long getSpawnedTasks() {
    return source.get().spawnedTasks();
  }

  @Override
  public long getFinishedTasks() {
    return source.get().finishedTasks();
  }

  @Override
  public long getAbortedTasks() {
    return source.get().abortedTasks();
  }

  @Override
  public long getRejectedTasks() {
    return source.get().rejectedTasks();
  }

  @Override
  public long getAliveTasks() {
    return source.get().aliveTasks();
  }

  @Override
  public long getInjectionQueueDepth() {
    return source.get().injectionQueueDepth();
  }

  @Override
  public int getBlockingThreads() {
    return source.get().blockingThreads();
  }

  @Override
  public int getIdleBlockingThreads() {
    return source.get().idleBlockingThreads();
  }

  @Override
  public int getBlockingQueueDepth() {
    return source.get().blockingQueueDepth();
  }

  @Override
  public long getSlowPolls() {
    return source.get().slowPolls();
  }

  @Override
  public long[] getParkCount() {
    return each(WorkerMetrics::parkCount);
  }

  @Override
  public long[] getBusyNanos() {
    return each(WorkerMetrics::busyNanos);
  }

  @Override
  public long[] getPollCount() {
    return each(WorkerMetrics::pollCount);
  }

  @Override
  public long[] getLifoPollCount() {
    return each(WorkerMetrics::lifoPollCount);
  }

  @Override
  public long[] getStealCount() {
    return each(WorkerMetrics::stealCount);
  }

  @Override
  public long[] getStealOperations() {
    return each(WorkerMetrics::stealOperations);
  }

  @Override
  public long[] getLocalQueueDepth() {
    return each(WorkerMetrics::localQueueDepth);
  }

  @Override
  public long[] getOverflowCount() {
    return each(WorkerMetrics::overflowCount);
  }

  @Override
  public long[] getMeanPollNanos() {
    return each(WorkerMetrics::meanPollNanos);
  }

  @Override
  public long[] getForcedYieldCount() {
    return each(WorkerMetrics::forcedYieldCount);
  }

  @Override
  public long[] getLoopTakeovers() {
    return each(WorkerMetrics::loopTakeovers);
  }
}
