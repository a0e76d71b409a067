package dev.weft.node.timer;

import dev.weft.node.LoopDelay;
import dev.weft.node.Timeout;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The delay of a loop, measured by one of its timers. The only class that needs HdrHistogram, an
 * optional dependency.
 */
public final class DelayHistogram implements LoopDelay {
  private static final int DIGITS = 3;

  private final TimersPhase timers;
  private final LoopTime time;
  private final int resolutionMillis;
  private final Histogram delays = new ConcurrentHistogram(DIGITS);
  private Timeout timer;
  private long last;

  /** Begins to measure; on the loop's thread. */
  public DelayHistogram(TimersPhase timers, LoopTime time, int resolutionMillis) {
    this.timers = timers;
    this.time = time;
    this.resolutionMillis = resolutionMillis;
    timer = arm();
  }

  private Timeout arm() {
    last = time.nanos();
    return timers.start(this::record, resolutionMillis, true).unref();
  }

  private void record() {
    long now = time.nanos();
    delays.recordValue(Math.max(0, now - last));
    last = now;
  }

  @Override
  public void close() {
    timer.clear();
  }

  @Override
  public void restart() {
    timer.clear();
    timer = arm();
  }

  @Override
  public void reset() {
    delays.reset();
  }

  @Override
  public long count() {
    return delays.getTotalCount();
  }

  @Override
  public long minNanos() {
    return count() == 0 ? 0 : delays.getMinValue();
  }

  @Override
  public long maxNanos() {
    return delays.getMaxValue();
  }

  @Override
  public double meanNanos() {
    return delays.getMean();
  }

  @Override
  public long percentileNanos(double percentile) {
    return delays.getValueAtPercentile(percentile);
  }
}
