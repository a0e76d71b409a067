/**
 * The work-stealing scheduler behind {@link dev.weft.WorkStealingExecutor}, in the manner of
 * Tokio's multi-thread runtime. One class for each role:
 *
 * <ul>
 *   <li>{@code Worker}: a thread's loop, and the order in which it looks for work. Begin here.
 *   <li>{@code LocalQueue}: a worker's own frames, from which the others steal.
 *   <li>{@code InjectionQueue}: frames that threads outside have scheduled.
 *   <li>{@code IdleSet}: who sleeps and who searches; why no wake-up is lost.
 *   <li>{@code Timers}, {@code TimerWheel}, {@code Sleep}: what is due, and who gets up for it.
 *   <li>{@link dev.weft.scheduler.Driver}: an I/O loop; {@code ThreadDriver} where a worker waits
 *       that has none.
 *   <li>{@link dev.weft.scheduler.DriverSeat}, {@code OwnerWord}: who is inside a loop, and how
 *       workers hand it to each other; {@code DriverSeats}, {@code LoopLoad}: which loops there are
 *       and when there are more; {@code WorkerDriver}: a worker's part in it.
 *   <li>{@code StuckMonitor}: finds workers that do not come out of a task, and sends help; {@code
 *       BlockedWorkers} says so where nobody can help.
 *   <li>{@code BlockingPool}, {@code BlockingCall}, {@link dev.weft.scheduler.InterruptibleCall}:
 *       threads for calls that block; {@code Heritage}: what these and the workers' threads
 *       inherit.
 *   <li>{@code OwnedTasks}, {@link dev.weft.scheduler.OwnedTask}: what is alive, for {@code close}.
 *   <li>{@code LifoGate}, {@code PollAverage}: when a thief may take from a LIFO slot, and when to
 *       look at the injection queue; {@code Lottery} the order of a deterministic executor instead.
 *   <li>{@code WorkerCounters}, {@code DurationCounts}, {@code LatencyProbe}: what is counted;
 *       {@code MetricsSnapshot} reads it.
 *   <li>{@link dev.weft.scheduler.Nanos}: times of any length.
 *   <li>{@link dev.weft.scheduler.Scheduler}: what all of them share, and the executor's life.
 * </ul>
 */
@NullMarked
package dev.weft.scheduler;

import org.jspecify.annotations.NullMarked;
