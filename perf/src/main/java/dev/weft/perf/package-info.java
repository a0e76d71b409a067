/**
 * Benchmarks. Each package is named by the question that it answers, each class opens with its own.
 * {@link dev.weft.perf.Benchmarks} is the way in.
 */
@NullMarked
package dev.weft.perf;

import org.jspecify.annotations.NullMarked;
