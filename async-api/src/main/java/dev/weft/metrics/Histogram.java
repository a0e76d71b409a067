package dev.weft.metrics;

import java.util.Arrays;

/**
 * Counts of durations in buckets that grow with the duration: four for each power of two, so a
 * bucket's bounds are within 25 % of each other. Compare Tokio's {@code LogHistogram}.
 *
 * <pre>{@code
 * Histogram polls = executor.metrics().pollTimes(); // null without pollTimeHistogram(true)
 * if (polls != null) {
 *   System.out.println("99 % of all polls took less than " + polls.quantile(0.99) / 1000 + " us");
 * }
 * }</pre>
 */
public final class Histogram {
  private static final int BITS = 2;
  private static final int PER_POWER = 1 << BITS;

  /** How many buckets there are; the last one takes all from about 39 hours on. */
  public static final int BUCKETS = (47 - BITS) * PER_POWER + PER_POWER;

  private final long[] counts;

  /** From the counts by bucket; copied. */
  public Histogram(long[] counts) {
    if (counts.length != BUCKETS) {
      throw new IllegalArgumentException("counts of " + BUCKETS + " buckets, not " + counts.length);
    }
    this.counts = counts.clone();
  }

  /** The bucket that a duration in nanoseconds belongs to. */
  public static int bucketOf(long nanos) {
    if (nanos < PER_POWER) {
      return (int) Math.max(0, nanos);
    }
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    int part = (int) (nanos >>> (power - BITS)) & (PER_POWER - 1);
    return Math.min(BUCKETS - 1, (power - BITS + 1) * PER_POWER + part);
  }

  /** The shortest duration in nanoseconds that belongs to a bucket. */
  public static long lowerBound(int bucket) {
    if (bucket < PER_POWER) {
      return bucket;
    }
    int power = bucket / PER_POWER - 1;
    return (long) (PER_POWER + bucket % PER_POWER) << power;
  }

  /** How many durations were counted in a bucket. */
  public long count(int bucket) {
    return counts[bucket];
  }

  /** How many durations were counted. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * The duration in nanoseconds that a share of all counted ones is shorter than, rounded up to the
   * end of its bucket; 0 if none was counted.
   *
   * @param quantile from 0 to 1
   */
  public long quantile(double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException("a quantile is from 0 to 1, not " + quantile);
    }
    long below = (long) Math.ceil(quantile * count());
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += counts[bucket];
      if (seen > 0 && seen >= below) {
        return lowerBound(bucket + 1);
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return count() + " with p50 " + quantile(0.5) + " ns, p99 " + quantile(0.99) + " ns";
  }
}
