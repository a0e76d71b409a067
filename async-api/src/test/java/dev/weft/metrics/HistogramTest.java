package dev.weft.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The buckets cover every duration without gap, within a quarter of it. */
class HistogramTest {
  @Test
  void eachBucketBeginsWhereTheOneBeforeEnds() {
    for (int bucket = 1; bucket < Histogram.BUCKETS; bucket++) {
      long bound = Histogram.lowerBound(bucket);
      assertThat(Histogram.bucketOf(bound)).isEqualTo(bucket);
      assertThat(Histogram.bucketOf(bound - 1)).isEqualTo(bucket - 1);
      if (bucket >= 4) {
        assertThat(bound - Histogram.lowerBound(bucket - 1)).isLessThanOrEqualTo(bound / 4);
      }
    }
  }

  @Test
  void takesAnyDuration() {
    assertThat(Histogram.bucketOf(-1)).isZero();
    assertThat(Histogram.bucketOf(Long.MAX_VALUE)).isEqualTo(Histogram.BUCKETS - 1);
  }

  @Test
  void quantilesAreTheEndsOfBuckets() {
    long[] counts = new long[Histogram.BUCKETS];
    counts[Histogram.bucketOf(100)] = 99;
    counts[Histogram.bucketOf(1_000_000)] = 1;
    Histogram histogram = new Histogram(counts);
    assertThat(histogram.count()).isEqualTo(100);
    assertThat(histogram.quantile(0.99)).isBetween(100L, 125L);
    assertThat(histogram.quantile(1)).isBetween(1_000_000L, 1_250_000L);
    assertThat(new Histogram(new long[Histogram.BUCKETS]).quantile(0.5)).isZero();
    assertThatThrownBy(() -> histogram.quantile(2)).hasMessageContaining("from 0 to 1, not 2");
  }
}
