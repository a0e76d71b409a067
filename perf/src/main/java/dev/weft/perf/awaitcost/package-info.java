/**
 * What does an await cost: of a future that is complete, of one that is not, and in a loop? For
 * Weft, stock EA Async 1.2.3, {@code thenCompose} by hand, and virtual threads.
 *
 * <ul>
 *   <li>{@link dev.weft.perf.awaitcost.AwaitReady}: there is nothing to wait for
 *   <li>{@link dev.weft.perf.awaitcost.SuspendResume}: there is; without a scheduler
 *   <li>{@link dev.weft.perf.awaitcost.TaskSwitch}: there is; two tasks on a scheduler
 *   <li>{@link dev.weft.perf.awaitcost.AwaitLoop}: a thousand awaits in a row
 * </ul>
 *
 * <p>The async methods measured stand in {@link dev.weft.perf.awaitcost.WeftAwaits} and its like,
 * one class per contender and the same methods in each.
 */
@NullMarked
package dev.weft.perf.awaitcost;

import org.jspecify.annotations.NullMarked;
