/**
 * What does it cost to await several at the same time, or for so long at most?
 *
 * <p>{@link dev.weft.perf.combining.ReadyCalls} is the one class. Tokio's {@code select!}, {@code
 * join!} and {@code timeout} are measured by {@code perf/peers/tokio/src/bin/tokio-sync.rs}, with
 * the same loops.
 */
@NullMarked
package dev.weft.perf.combining;

import org.jspecify.annotations.NullMarked;
