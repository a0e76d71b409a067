package dev.weft.scheduler.metrics;

import dev.weft.metrics.Histogram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a {@link Histogram} is made from, for one worker: written by it alone, as its counters. */
public final class DurationCounts {
  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[Histogram.BUCKETS];

  /** Owner only. */
  public void add(long nanos) {
    int bucket = Histogram.bucketOf(nanos);
    COUNTS.setOpaque(counts, bucket, counts[bucket] + 1);
  }

  /** Adds to a sum over workers. From any thread. */
  public void addTo(long[] sum) {
    for (int bucket = 0; bucket < counts.length; bucket++) {
      sum[bucket] += (long) COUNTS.getOpaque(counts, bucket);
    }
  }
}
