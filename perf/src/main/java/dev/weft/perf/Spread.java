package dev.weft.perf;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The middle of some figures, and where half of them lie.
 *
 * @param lower the lower quartile
 * @param median the middle one; of an even number of figures the mean of the two middle ones
 * @param upper the upper quartile
 */
public record Spread(double lower, double median, double upper) {
  /**
   * Of these figures, in any order.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no figures");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[sorted.length / 4], median, sorted[sorted.length * 3 / 4]);
  }

  /** As {@code 312 (301..340)}: the median, and the quartiles. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f (%.0f..%.0f)", median, lower, upper);
  }
}
