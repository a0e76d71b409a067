/**
 * Timers: {@link dev.weft.scheduler.time.Timers}, {@code TimerWheel}, {@link
 * dev.weft.scheduler.time.Sleep}: what is due, and who gets up for it.
 *
 * <p>Is told the time, and has no thread. Knows a worker as a number, and no other room.
 */
@NullMarked
package dev.weft.scheduler.time;

import org.jspecify.annotations.NullMarked;
