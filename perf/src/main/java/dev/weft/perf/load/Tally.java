package dev.weft.perf.load;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** What one thread has counted of one kind of connection. Written by that thread alone. */
final class Tally {
  /** The timeline's step. */
  static final long BUCKET_NANOS = 10_000_000;

  private static final long HOUR = 3_600_000_000_000L;

  /** Latencies in nanoseconds, exact to 3 digits. */
  final Histogram nanos = new Histogram(1, HOUR, 3);

  /**
   * The worst latency of the messages due in each step after the warm-up; 0 where there are none.
   */
  final long[] timeline;

  private final Clock clock;

  Tally(Clock clock) {
    this.clock = clock;
    this.timeline = new long[(int) ((clock.until() - clock.from()) / BUCKET_NANOS) + 1];
  }

  /** A message that was due, or sent, at {@code begin} came back at {@code end}. */
  void record(long begin, long end) {
    if (clock.measures(begin)) {
      long latency = Math.max(0, end - begin);
      nanos.recordValue(Math.min(latency, HOUR));
      int bucket = (int) ((begin - clock.from()) / BUCKET_NANOS);
      timeline[bucket] = Math.max(timeline[bucket], latency);
    }
  }

  void add(Tally other) {
    nanos.add(other.nanos);
    Arrays.setAll(timeline, i -> Math.max(timeline[i], other.timeline[i]));
  }
}
