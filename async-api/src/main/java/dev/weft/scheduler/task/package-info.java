/**
 * What an executor has started and so answers for: {@link dev.weft.scheduler.task.OwnedTask}, and
 * {@link dev.weft.scheduler.task.OwnedTasks}, the list of those that are alive, for {@code close}.
 * {@link dev.weft.scheduler.task.UnheardFailures} sees to it that no failure is lost.
 *
 * <p>Knows its executor as an {@link dev.weft.AsyncExecutor}, a worker as a number, and none of the
 * rooms but that of threads, for the hooks.
 */
@NullMarked
package dev.weft.scheduler.task;

import org.jspecify.annotations.NullMarked;
