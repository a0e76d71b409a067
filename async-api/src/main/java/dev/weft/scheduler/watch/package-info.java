/**
 * The monitor's thread: {@link dev.weft.scheduler.watch.StuckMonitor} finds workers that do not
 * come out of a task, and sends help; {@code BlockedWorkers} says so where nobody can help, {@code
 * PollWatch} where a poll is slow. {@link dev.weft.scheduler.watch.LoopMonitor} does the latter for
 * an event loop.
 *
 * <p>Sees the workers as {@link dev.weft.scheduler.watch.WatchedWorker} and {@link
 * dev.weft.scheduler.watch.WatchedCrew}, which are its own words, and changes nothing that any of
 * them relies on. Knows no other room.
 */
@NullMarked
package dev.weft.scheduler.watch;

import org.jspecify.annotations.NullMarked;
