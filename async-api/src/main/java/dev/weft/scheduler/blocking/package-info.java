/**
 * Threads for calls that block: {@link dev.weft.scheduler.blocking.BlockingPool}, {@link
 * dev.weft.scheduler.blocking.BlockingCall}; {@link dev.weft.scheduler.blocking.BlockingThreads}
 * says what they are made of, {@code LiveCalls} which are under way.
 *
 * <p>Knows threads and what tasks are called, and nothing of workers.
 */
@NullMarked
package dev.weft.scheduler.blocking;

import org.jspecify.annotations.NullMarked;
