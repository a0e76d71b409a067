package dev.weft.metrics;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of what an executor has counted: the set of Tokio's {@code RuntimeMetrics}. Taking one
 * stops nobody, and so its figures may be a moment apart. Once the executor has ended they add up:
 * {@code spawned = finished + aborted + rejected}.
 *
 * <pre>{@code
 * ExecutorMetrics now = executor.metrics();
 * System.out.println(now.aliveTasks() + " tasks are alive, "
 *     + now.total(WorkerMetrics::stealCount) + " frames were stolen");
 * }</pre>
 *
 * @param name the executor's
 * @param workers what each worker has counted
 * @param spawnedTasks tasks that were to be started, be it in vain
 * @param finishedTasks tasks that have ended by themselves, well or not
 * @param abortedTasks tasks that were cancelled, and whose bodies have ended
 * @param rejectedTasks tasks that were not accepted
 * @param aliveTasks tasks that were started and have not ended
 * @param injectionQueueDepth frames scheduled from outside that no worker has taken yet
 * @param blockingThreads threads for blocking calls
 * @param idleBlockingThreads of these, threads without a call
 * @param blockingQueueDepth blocking calls that wait for a thread
 * @param slowPolls polls that lasted longer than the threshold, see {@link
 *     dev.weft.WorkStealingExecutorBuilder#slowPollThreshold}
 * @param pollTimes how long polls took, in nanoseconds; null unless the builder was told to measure
 * @param scheduleLatencies how long scheduled frames waited for their poll, in nanoseconds, by
 *     samples; null unless the builder was told to measure
 */
public record ExecutorMetrics(
    String name,
    List<WorkerMetrics> workers,
    long spawnedTasks,
    long finishedTasks,
    long abortedTasks,
    long rejectedTasks,
    long aliveTasks,
    long injectionQueueDepth,
    int blockingThreads,
    int idleBlockingThreads,
    int blockingQueueDepth,
    long slowPolls,
    @Nullable Histogram pollTimes,
    @Nullable Histogram scheduleLatencies) {

  /** The sum of one figure over all workers. */
  public long total(ToLongFunction<WorkerMetrics> figure) {
    return workers.stream().mapToLong(figure).sum();
  }
}
