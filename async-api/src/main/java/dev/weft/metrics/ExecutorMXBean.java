package dev.weft.metrics;

/**
 * An executor's counters for JMX, under {@code dev.weft:type=Executor,name=...}. The arrays have an
 * element per worker; what each figure means is told in {@link ExecutorMetrics} and {@link
 * WorkerMetrics}.
 *
 * <pre>{@code
 * ExecutorMXBean shop =
 *     JMX.newMXBeanProxy(
 *         ManagementFactory.getPlatformMBeanServer(),
 *         new ObjectName("dev.weft:type=Executor,name=shop"), // built with name("shop"), jmx(true)
 *         ExecutorMXBean.class);
 * System.out.println(shop.getAliveTasks() + " tasks, polls by worker: "
 *     + Arrays.toString(shop.getPollCount()));
 * }</pre>
 */
public interface ExecutorMXBean {
  /** How many workers there are. */
  int getWorkers();

  /** See {@link ExecutorMetrics#spawnedTasks}. */
  long getSpawnedTasks();

  /** See {@link ExecutorMetrics#finishedTasks}. */
  long getFinishedTasks();

  /** See {@link ExecutorMetrics#abortedTasks}. */
  long getAbortedTasks();

  /** See {@link ExecutorMetrics#rejectedTasks}. */
  long getRejectedTasks();

  /** See {@link ExecutorMetrics#aliveTasks}. */
  long getAliveTasks();

  /** See {@link ExecutorMetrics#injectionQueueDepth}. */
  long getInjectionQueueDepth();

  /** See {@link ExecutorMetrics#blockingThreads}. */
  int getBlockingThreads();

  /** See {@link ExecutorMetrics#idleBlockingThreads}. */
  int getIdleBlockingThreads();

  /** See {@link ExecutorMetrics#blockingQueueDepth}. */
  int getBlockingQueueDepth();

  /** See {@link ExecutorMetrics#slowPolls}. */
  long getSlowPolls();

  /** See {@link WorkerMetrics#parkCount}. */
  long[] getParkCount();

  /** See {@link WorkerMetrics#busyNanos}. */
  long[] getBusyNanos();

  /** See {@link WorkerMetrics#pollCount}. */
  long[] getPollCount();

  /** See {@link WorkerMetrics#lifoPollCount}. */
  long[] getLifoPollCount();

  /** See {@link WorkerMetrics#stealCount}. */
  long[] getStealCount();

  /** See {@link WorkerMetrics#stealOperations}. */
  long[] getStealOperations();

  /** See {@link WorkerMetrics#localQueueDepth}. */
  long[] getLocalQueueDepth();

  /** See {@link WorkerMetrics#overflowCount}. */
  long[] getOverflowCount();

  /** See {@link WorkerMetrics#meanPollNanos}. */
  long[] getMeanPollNanos();

  /** See {@link WorkerMetrics#forcedYieldCount}. */
  long[] getForcedYieldCount();

  /** See {@link WorkerMetrics#loopTakeovers}. */
  long[] getLoopTakeovers();
}
