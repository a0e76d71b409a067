/**
 * What a program holds of {@link dev.weft.NodeExecutor}'s event loop: timers and immediates,
 * workers and the ports of their channels, and what measures the loop. The loop itself is in the
 * rooms beside, one thread, libuv's phases, one class each, and Node's queues between any two
 * callbacks:
 *
 * <pre>
 *   timers -&gt; pending -&gt; idle, prepare -&gt; poll -&gt; check -&gt; closing -&gt; timers ...
 *
 *   after every callback:  ticks, then microtasks, until both are empty; then unhandled rejections
 * </pre>
 *
 * <p>Whoever sits below knows nothing of those above:
 *
 * <pre>
 *   loop                 the loop's life, and what the executor asks of it: EventLoop
 *   phase       pool     the phases and their order: Phases;  the worker pool
 *   timer                the timers phase, sleep, the loop's time
 *   turn                 what is around a callback: Turn, ticks, microtasks, rejections
 *   dev.weft.node        what programs hold
 *   host                 by what all of them know the loop
 * </pre>
 *
 * <p>The poll phase waits in a {@link dev.weft.scheduler.io.Driver}, as the workers of the
 * work-stealing executor do. What is called from other threads comes in through the poll phase, one
 * callback each.
 */
@NullMarked
package dev.weft.node;

import org.jspecify.annotations.NullMarked;
