/**
 * What the scheduler's protocols cost with more workers than this machine has processors: a model
 * that plays them step by step and counts atomic operations and cache lines that change hands.
 *
 * <ul>
 *   <li>{@link dev.weft.perf.contention.Costs}: what a step takes, and from where that figure is
 *   <li>{@link dev.weft.perf.contention.Line}, {@link dev.weft.perf.contention.Agent}: cache lines,
 *       and processors that read and write them
 *   <li>{@link dev.weft.perf.contention.Worker} and what it has in its fields: the protocols, each
 *       as the class of the scheduler that it is named after has it
 *   <li>{@link dev.weft.perf.contention.Workload}: what the tasks do
 *   <li>{@link dev.weft.perf.contention.Design}: the scheduler as it is, and what it might be
 *   <li>{@link dev.weft.perf.contention.Contention}: prints the tables
 * </ul>
 */
@NullMarked
package dev.weft.perf.contention;

import org.jspecify.annotations.NullMarked;
