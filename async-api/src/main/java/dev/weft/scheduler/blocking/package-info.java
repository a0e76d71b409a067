/**
 * Threads for calls that block: {@link dev.weft.scheduler.blocking.BlockingPool}, {@link
 * dev.weft.scheduler.blocking.BlockingCall}, and {@link
 * dev.weft.scheduler.blocking.InterruptibleCall} for one that a cancellation interrupts; {@link
 * dev.weft.scheduler.blocking.BlockingThreads} says what they are made of, {@code LiveCalls} which
 * are under way.
 *
 * <p>Knows threads and what tasks are called, and nothing of workers.
 */
@NullMarked
package dev.weft.scheduler.blocking;

import org.jspecify.annotations.NullMarked;
