/**
 * What does a message over a channel cost? Weft's {@link dev.weft.sync.Mpsc} beside the queues of
 * {@code java.util.concurrent}.
 *
 * <ul>
 *   <li>{@link dev.weft.perf.channels.ReadyMessages}: one that is sent and received where nobody
 *       waits
 *   <li>{@link dev.weft.perf.channels.RingOfTasks}: one that is handed from task to task, of which
 *       each waits for it
 * </ul>
 *
 * <p>Tokio's are measured by {@code perf/peers/tokio/src/bin/tokio-sync.rs}, with the same loops.
 */
@NullMarked
package dev.weft.perf.channels;

import org.jspecify.annotations.NullMarked;
