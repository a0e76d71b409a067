/**
 * What one worker counts: {@link dev.weft.scheduler.metrics.WorkerCounters}, {@link
 * dev.weft.scheduler.metrics.DurationCounts}, {@link dev.weft.scheduler.metrics.LatencyProbe}. Made
 * to be written by one thread at next to no cost, and read by all.
 *
 * <p>The lowest of the rooms: everybody counts. Users are shown {@code dev.weft.metrics}.
 */
@NullMarked
package dev.weft.scheduler.metrics;

import org.jspecify.annotations.NullMarked;
