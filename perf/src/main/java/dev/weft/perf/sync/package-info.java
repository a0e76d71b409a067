/**
 * What do locks and signals for tasks cost, beside those for threads?
 *
 * <ul>
 *   <li>{@link dev.weft.perf.sync.Uncontended}: nobody else wants it
 *   <li>{@link dev.weft.perf.sync.HandOver}: eight want it over and over
 *   <li>{@link dev.weft.perf.sync.ReadySignals}: what is told is there before anybody waits for it
 *   <li>{@link dev.weft.perf.sync.Meeting}: some meet, at a barrier or by a condition
 * </ul>
 *
 * <p>Tokio's are measured by {@code perf/peers/tokio/src/bin/tokio-sync.rs}, with the same loops.
 */
@NullMarked
package dev.weft.perf.sync;

import org.jspecify.annotations.NullMarked;
