/**
 * The event loop itself, put together of the other rooms: one thread, libuv's phases and Node's
 * queues between any two callbacks.
 *
 * <ul>
 *   <li>{@link dev.weft.node.loop.EventLoop}: the loop as its thread, its tasks and the executor
 *       know it
 *   <li>{@link dev.weft.node.loop.Globals}: what Node offers to a program
 *   <li>{@link dev.weft.node.loop.LoopLife}: the thread's way from the main script to the exit
 *   <li>{@code Arrivals}, {@code UnendedWork}: what comes from other threads, and what was started
 *   <li>{@code LoopClose}, {@code Leftovers}: the end, as seen by who closes and by the thread
 * </ul>
 */
@NullMarked
package dev.weft.node.loop;

import org.jspecify.annotations.NullMarked;
