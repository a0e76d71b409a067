/**
 * What an application imports: {@link dev.weft.Async} to write asynchronous code, {@link
 * dev.weft.Task} as the future that it gets, and an {@link dev.weft.AsyncExecutor} to run it.
 *
 * <p>Start at {@link dev.weft.Async#await}.
 *
 * <h2>Who imports whom</h2>
 *
 * To a user it is one package. Inside it is two: the <em>base</em>, of which everything is made, as
 * {@code Task}, {@code AsyncExecutor} and what they throw; and the <em>front</em>, the executors
 * {@link dev.weft.WorkStealingExecutor} and {@link dev.weft.NodeExecutor} with their builders,
 * which put everything together. The scheduler, the event loop, sockets are between the two: they
 * know the base, the front knows them. The base has one arrow to the front: {@link
 * dev.weft.AsyncExecutor#current} falls back on the shared executor, which must be had from any
 * thread without being set up before.
 *
 * <p>The base and {@code dev.weft.frame} are the one circle between packages. A {@code Frame} is a
 * {@code Task}, one object for both, which is what makes an await cheap; a task that is awaited
 * wakes a frame, and an executor is what frames are given to. An interface between them would be
 * called for each await and known to both sides all the same. They are two packages because the one
 * is written by people, the other by the weaver. {@code PackageGraphTest} draws the whole graph,
 * and fails for any other circle.
 */
@NullMarked
package dev.weft;

import org.jspecify.annotations.NullMarked;
