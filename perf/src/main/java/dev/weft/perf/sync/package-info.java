/**
 * What do locks for tasks cost, beside those for threads?
 *
 * <ul>
 *   <li>{@link dev.weft.perf.sync.Uncontended}: nobody else wants it
 *   <li>{@link dev.weft.perf.sync.HandOver}: eight want it over and over
 * </ul>
 *
 * <p>Tokio's are measured by {@code perf/peers/tokio/src/bin/tokio-sync.rs}, with the same loops.
 */
@NullMarked
package dev.weft.perf.sync;

import org.jspecify.annotations.NullMarked;
