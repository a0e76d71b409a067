/**
 * The event loop of {@link dev.weft.NodeExecutor}: one thread, libuv's phases, one class each, and
 * Node's queues between any two callbacks.
 *
 * <pre>
 *   timers -&gt; pending -&gt; idle, prepare -&gt; poll -&gt; check -&gt; closing -&gt; timers ...
 *
 *   after every callback:  ticks, then microtasks, until both are empty; then unhandled rejections
 * </pre>
 *
 * <p>{@link dev.weft.node.EventLoop} has the loop itself. The poll phase waits in a {@link
 * dev.weft.scheduler.io.Driver}, as the workers of the work-stealing executor do. What is called
 * from other threads comes in through the poll phase, one callback each.
 */
@NullMarked
package dev.weft.node;

import org.jspecify.annotations.NullMarked;
