/**
 * What does it cost to fork children and to wait for all of them? Weft's {@link
 * dev.weft.scope.TaskScope} and {@link dev.weft.scope.JoinSet} beside virtual threads.
 *
 * <p>{@link dev.weft.perf.scopes.ForkAndJoin} is the one class. Tokio's {@code JoinSet} is measured
 * by {@code perf/peers/tokio/src/bin/tokio-sync.rs}, with the same loop.
 */
@NullMarked
package dev.weft.perf.scopes;

import org.jspecify.annotations.NullMarked;
