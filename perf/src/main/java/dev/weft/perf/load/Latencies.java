package dev.weft.perf.load;

import java.util.List;
import java.util.stream.StreamSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies in microseconds.
 *
 * @param count how many
 * @param mean their mean
 * @param p50 the median
 * @param p90 the 90th percentile
 * @param p99 the 99th percentile
 * @param p999 the 99.9th percentile
 * @param max the largest
 * @param curve percentile and value, for plotting
 */
public record Latencies(
    long count,
    double mean,
    double p50,
    double p90,
    double p99,
    double p999,
    double max,
    List<double[]> curve) {

  /** Five steps for each halving of the distance to 100 %. */
  private static final int STEPS_PER_HALVING = 5;

  /** Reads a histogram of nanoseconds. */
  static Latencies of(Histogram nanos) {
    return new Latencies(
        nanos.getTotalCount(),
        nanos.getMean() / 1e3,
        at(nanos, 50),
        at(nanos, 90),
        at(nanos, 99),
        at(nanos, 99.9),
        nanos.getMaxValue() / 1e3,
        curve(nanos));
  }

  private static double at(Histogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e3;
  }

  private static List<double[]> curve(Histogram nanos) {
    return StreamSupport.stream(nanos.percentiles(STEPS_PER_HALVING).spliterator(), false)
        .map(Latencies::point)
        .toList();
  }

  private static double[] point(HistogramIterationValue value) {
    return new double[] {value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / 1e3};
  }
}
