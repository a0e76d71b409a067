/**
 * What an executor counts: {@link dev.weft.metrics.ExecutorMetrics}, a snapshot; the same as an
 * MXBean; and, where Micrometer is on the class path, {@link dev.weft.metrics.WeftMeterBinder}, the
 * only class that needs it.
 */
@NullMarked
package dev.weft.metrics;

import org.jspecify.annotations.NullMarked;
