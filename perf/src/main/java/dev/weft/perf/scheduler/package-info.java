/**
 * What does the scheduler itself cost? The workloads of Tokio's benchmark {@code
 * rt_multi_threaded}, with its numbers of tasks, on two workers: Weft beside {@link
 * java.util.concurrent.ForkJoinPool} in its asynchronous mode and virtual threads.
 *
 * <ul>
 *   <li>{@link dev.weft.perf.scheduler.SpawnManyLocal}: tasks started by a task
 *   <li>{@link dev.weft.perf.scheduler.SpawnManyRemote}: tasks started from outside, while the
 *       workers idle, yield, or start long tasks
 *   <li>{@link dev.weft.perf.scheduler.YieldMany}: tasks that let each other run
 *   <li>{@link dev.weft.perf.scheduler.PingPong}: pairs of tasks that wake each other
 *   <li>{@link dev.weft.perf.scheduler.ChainedSpawn}: each task starts the next
 *   <li>{@link dev.weft.perf.scheduler.StealableSlot}: a pair of tasks while others have nothing to
 *       do; not of {@code rt_multi_threaded}, but of Tokio's issue 8065
 * </ul>
 */
@NullMarked
package dev.weft.perf.scheduler;

import org.jspecify.annotations.NullMarked;
