/**
 * I/O loops, and who is inside one.
 *
 * <ul>
 *   <li>{@link dev.weft.scheduler.io.Driver}: an I/O loop; {@link
 *       dev.weft.scheduler.io.ThreadDriver} where one waits that has none; {@link
 *       dev.weft.scheduler.io.DriverProviders} finds the kind.
 *   <li>{@link dev.weft.scheduler.io.DriverSeat}, {@code OwnerWord}: who is inside a loop, and how
 *       workers hand it to each other. Begin here.
 *   <li>{@link dev.weft.scheduler.io.DriverSeats}, {@code LoopLoad}: which loops there are, and
 *       when there are more.
 *   <li>{@link dev.weft.scheduler.io.WorkerDriver}: a worker's part in it.
 * </ul>
 *
 * <p>Knows a worker as a {@link dev.weft.scheduler.io.LoopRunner} and all of them as a {@link
 * dev.weft.scheduler.io.LoopCrew}; no queue, no task, no other room. Nor Netty: drivers for that
 * are in {@code dev.weft.net}. The event loop of {@code dev.weft.node} waits in a driver as well,
 * with a seat that is pinned.
 */
@NullMarked
package dev.weft.scheduler.io;

import org.jspecify.annotations.NullMarked;
