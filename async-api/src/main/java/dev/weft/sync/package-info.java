/**
 * Locks, semaphores and their kind for tasks: who has to wait is suspended, and blocks no thread.
 *
 * <p>What they have in common:
 *
 * <ul>
 *   <li><em>Uncontended, nothing is allocated and nobody is suspended</em>: taking and giving back
 *       is one compare-and-set each.
 *   <li><em>Fair, first come, first served.</em> Who comes while others wait stands behind them,
 *       and what becomes free is handed to the first of them; nobody overtakes. So of n tasks that
 *       want one lock over and over, none gets it a second time while another one waits that came
 *       before. Tokio's rule. The JDK lets who runs barge in, because to wake a thread takes
 *       thousands of its turns; a task is woken in the time of a few.
 *   <li><em>Cancelling loses nothing.</em> Who is cancelled while it waits leaves the queue, in
 *       constant time. Who was given something at that moment gets it, and the cancellation comes
 *       at its next await. What was given to a method that its executor has halted goes back.
 *   <li><em>Not tied to a thread or a task</em>: what one has taken, another may give back. None of
 *       them is reentrant: a task that asks for a lock which it has waits for itself.
 *   <li>Each task that they return is for one await, at once. It may be passed through {@code
 *       Async.timeout}.
 * </ul>
 *
 * {@link dev.weft.sync.AsyncMutex}, {@link dev.weft.sync.AsyncRwLock}, {@link
 * dev.weft.sync.AsyncSemaphore} and {@link dev.weft.sync.Notify} are small classes over one core,
 * {@code Permits}, which argues the races; {@link dev.weft.sync.AsyncCondition} belongs to a mutex.
 * {@link dev.weft.sync.OnceCell}, {@link dev.weft.sync.AsyncBarrier} and {@link
 * dev.weft.sync.AsyncCountDownLatch} stand by themselves.
 *
 * <p>Channels carry messages from task to task: {@link dev.weft.sync.Mpsc}, also as a rendezvous,
 * {@link dev.weft.sync.Oneshot}, {@link dev.weft.sync.Broadcast} and {@link dev.weft.sync.Watch},
 * over one core of their own, {@code Inlet}.
 */
@NullMarked
package dev.weft.sync;

import org.jspecify.annotations.NullMarked;
