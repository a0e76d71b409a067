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
 * {@link dev.weft.WorkStealingExecutor}, {@link dev.weft.NodeExecutor} and {@link
 * dev.weft.ExecutorAdapter} with what makes them, which put everything together. The scheduler, the
 * event loop, sockets are between the two: they know the base, the front knows them. The base has
 * one arrow to the front: {@link dev.weft.AsyncExecutor#currentOrShared} falls back on the shared
 * executor, which must be had from any thread without being set up before.
 *
 * <p>The base and {@code dev.weft.frame} are the one circle between packages. A suspended call is
 * one object, which is a {@code Task} to its caller and a frame to its executor: so {@code Task}
 * extends what frames see of it, {@code AsyncExecutor} queues frames, and a frame is a {@code Task}
 * that belongs to an {@code AsyncExecutor}. The text of {@link dev.weft.frame} says what either
 * needs of the other, and what it would cost to part them. {@code PackageGraphTest} draws the whole
 * graph, and fails for any other circle.
 */
@NullMarked
package dev.weft;

import org.jspecify.annotations.NullMarked;
