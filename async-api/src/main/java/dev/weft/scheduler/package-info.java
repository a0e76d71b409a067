/**
 * The work-stealing scheduler behind {@link dev.weft.WorkStealingExecutor}, in the manner of
 * Tokio's multi-thread runtime: its workers, who sleeps, who steals, and the executor's life. One
 * class for each role:
 *
 * <ul>
 *   <li>{@code Worker}: a thread's loop, and the order in which it looks for work. Begin here.
 *       {@code FrameOrder} and {@code Thief} are steps of it, {@code Pace} and {@code SignsOfLife}
 *       what it notes of itself.
 *   <li>{@code Crew}: what the workers share, and whom to wake for what.
 *   <li>{@code IdleSet}: who sleeps and who searches; why no wake-up is lost.
 *   <li>{@code LifoGate}, {@code PollAverage}: when a thief may take from a LIFO slot, and when to
 *       look at the injection queue; {@code Lottery} the order of a deterministic executor instead.
 *   <li>{@code WorkerThreads}: the threads that run the workers, also while tasks block some of
 *       them; {@code BlockedCarrier} what such a task runs on.
 *   <li>{@link dev.weft.scheduler.Scheduler}: the executor's life in phases; {@code WorkUnderWay}
 *       what has to end before it does, {@code Closing} who waits for it.
 *   <li>{@link dev.weft.scheduler.SchedulerConfig}: what all of it is made from; {@code
 *       MetricsSnapshot}: what it has counted.
 * </ul>
 *
 * <h2>The rooms</h2>
 *
 * Each subject has a package of its own, and none of them imports anything from here: what one asks
 * of a worker, or of all of them, is an interface or a base class of its own, and they are given
 * their part of the configuration. From the top:
 *
 * <pre>
 *   scheduler             workers, idle set, stealing, life
 *   scheduler.watch       workers that are stuck or blocked, polls that are slow
 *   scheduler.io          I/O loops, and how workers hand them to each other
 *   scheduler.blocking    threads for calls that block
 *   scheduler.task        what was spawned, and failures that nobody looks at
 *   scheduler.time        timers
 *   scheduler.queue       where frames stand in line
 *   scheduler.thread      what threads inherit, where they stand, how frames are rejected
 *   scheduler.metrics     what is counted
 * </pre>
 *
 * A room imports from those below it, and never the other way: {@code PackageGraphTest} draws the
 * graph. What is public in them is so because another room needs it; users have no business here.
 * {@code Driver}'s providers they hold as {@link dev.weft.IoDriver}, to choose how to wait for I/O.
 */
@NullMarked
package dev.weft.scheduler;

import org.jspecify.annotations.NullMarked;
