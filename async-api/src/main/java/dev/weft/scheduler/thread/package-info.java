/**
 * What the threads of an executor have in common, whatever runs on them. The event loop of {@code
 * dev.weft.node} uses it as well.
 *
 * <ul>
 *   <li>{@link dev.weft.scheduler.thread.Heritage}: what they inherit.
 *   <li>{@link dev.weft.scheduler.thread.StartedThreads}: which there are, for the end.
 *   <li>{@link dev.weft.scheduler.thread.RunningCode}: where one stands.
 *   <li>{@link dev.weft.scheduler.thread.Hooks}: what an application has called on them.
 *   <li>{@link dev.weft.scheduler.thread.WorkerThread}: one that carries a worker without sockets.
 *   <li>{@link dev.weft.scheduler.thread.Reaper}: the one that ends the frames of an executor that
 *       was halted.
 * </ul>
 *
 * <p>Knows frames and carriers, and no other room.
 */
@NullMarked
package dev.weft.scheduler.thread;

import org.jspecify.annotations.NullMarked;
