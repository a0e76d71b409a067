/**
 * The runner: {@code perf/run echo}, {@code mixed} and the like. It starts servers in turn (A B C,
 * A B C, ...), loads each, and compares them round by round, so that what disturbs the machine
 * disturbs all. {@link dev.weft.perf.compare.Run} is the command line.
 */
@NullMarked
package dev.weft.perf.compare;

import org.jspecify.annotations.NullMarked;
