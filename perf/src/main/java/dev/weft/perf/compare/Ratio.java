package dev.weft.perf.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One server's figure over another's, from rounds in which both were measured one after the other.
 *
 * @param median the median of the rounds' ratios
 * @param low the lower end of the interval that holds the true ratio with 95 % confidence
 * @param high its upper end
 * @param rounds how many there were
 */
public record Ratio(double median, double low, double high, int rounds) {
  /** Student's t, two-sided 95 %, for 1, 2, 3, ... degrees of freedom. */
  private static final double[] T = {
    12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145
  };

  private static final double T_OF_MANY = 2.13;

  /**
   * What no number of rounds makes certain: where the code of a program happens to lie, for one,
   * makes some per cent of difference.
   */
  private static final double FLOOR = 0.02;

  /** What may be called no difference: an interval that lies this near to 1 as a whole. */
  private static final double SAME = 0.05;

  /**
   * From its lower end to its upper: an interval wider than this tells no size, and no sameness.
   */
  private static final double WIDE = 1.2;

  /** Compares figures, round by round. Both lists have the same length. */
  static Ratio of(List<Double> figures, List<Double> baseline) {
    int rounds = figures.size();
    double[] logs = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      logs[i] = Math.log(figures.get(i) / baseline.get(i));
    }
    double mean = Arrays.stream(logs).average().orElse(Double.NaN);
    double squares = Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum();
    double half = Double.POSITIVE_INFINITY; // one round says nothing about its noise
    if (rounds > 1) {
      double t = rounds - 2 < T.length ? T[rounds - 2] : T_OF_MANY;
      half = Math.max(FLOOR, t * Math.sqrt(squares / (rounds - 1) / rounds));
    }
    double median = median(logs);
    return new Ratio(Math.exp(median), Math.exp(median - half), Math.exp(median + half), rounds);
  }

  /** The median; of an even number of values, the mean of the two in the middle. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The other figure over this one. */
  Ratio inverse() {
    return new Ratio(1 / median, 1 / high, 1 / low, rounds);
  }

  /** Whether there is a difference at all: 1 lies outside the interval. */
  boolean isDifferent() {
    return low > 1 || high < 1;
  }

  /** Whether a difference of more than 5 % is ruled out; no wide interval is. */
  boolean isSame() {
    return low >= 1 - SAME && high <= 1 + SAME;
  }

  /**
   * Whether more rounds would tell more: it is wider than the 5 % to either side that may be called
   * no difference. Wherever it lies: to stop as soon as there is a difference would find too many.
   */
  boolean isCoarse() {
    return high / low > (1 + SAME) / (1 - SAME);
  }

  /** Whether the interval is so wide that what lies in it is not measured. */
  boolean isWide() {
    return isWide(low, high);
  }

  /** Whether this is so of an interval; also of one that has no ends. */
  static boolean isWide(double low, double high) {
    return !(low > 0 && high / low <= WIDE);
  }

  /**
   * What is to be said of a question that the interval leaves open: that it lies within the noise,
   * or, if there is so much of it that it could hide anything, that it was not measured.
   */
  Outcome open() {
    return open(low, high);
  }

  /** The same of any interval. */
  static Outcome open(double low, double high) {
    return isWide(low, high) ? Outcome.UNKNOWN : Outcome.UNDECIDED;
  }

  /**
   * The ratio; or that there is no difference; or, of an interval that holds 1 and much besides,
   * that it was not measured.
   */
  @Override
  public String toString() {
    if (rounds < 2) {
      return "not quoted: one round";
    }
    if (Double.isNaN(median)) {
      return "not measured";
    }
    if (isDifferent()) {
      return String.format(Locale.ROOT, "%.2f (%.2f .. %.2f)", median, low, high);
    }
    return String.format(
        Locale.ROOT, "%s (%.2f .. %.2f)", isSame() ? "no difference" : "not measured", low, high);
  }
}
