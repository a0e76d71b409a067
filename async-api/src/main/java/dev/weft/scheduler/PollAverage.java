package dev.weft.scheduler;

/**
 * The average cost of a poll, and what a worker tunes by it; after Tokio's {@code
 * multi_thread/stats.rs}, from which the figures are.
 *
 * <p>Measured over all polls between two looks at the clock. A batch of n polls weighs as much as n
 * single ones would: {@code 1 - (1 - alpha)^n}. Confined to the worker's thread.
 */
final class PollAverage {
  private static final double TARGET_NANOS = 200_000;
  private static final int SEED_INTERVAL = 61;
  private static final int MIN_INTERVAL = 2;
  private static final int MAX_INTERVAL = 127;
  private static final double ALPHA = 0.1;

  /** How much of the old average is left after so many polls. */
  private static final double[] LEFT = new double[64];

  static {
    for (int polls = 0; polls < LEFT.length; polls++) {
      LEFT[polls] = Math.pow(1 - ALPHA, polls);
    }
  }

  private double nanos = TARGET_NANOS / SEED_INTERVAL;

  /** Takes a batch of polls into the average. */
  void add(long elapsedNanos, int polls) {
    double left = polls < LEFT.length ? LEFT[polls] : 0;
    nanos = left * nanos + (1 - left) * elapsedNanos / polls;
  }

  /** The average in nanoseconds. */
  double nanos() {
    return nanos;
  }

  /**
   * After how many polls to look at the injection queue, so that a frame there waits some 200 us:
   * from 2, as with 1 the local queue would never have its turn, to 127.
   */
  int injectionInterval() {
    return (int) Math.max(MIN_INTERVAL, Math.min(MAX_INTERVAL, TARGET_NANOS / Math.max(1, nanos)));
  }
}
