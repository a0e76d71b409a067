package dev.weft.node;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How late an event loop is: Node's {@code monitorEventLoopDelay}. A timer of the loop, which does
 * not keep it alive, notes how long it was since it fired last. As in Node the values contain the
 * timer's own interval: a loop that is never late shows the resolution.
 *
 * <p>The only class that needs HdrHistogram, an optional dependency. Values are read on any thread,
 * in nanoseconds with three digits; the rest is for the loop's thread.
 */
public final class LoopDelay implements AutoCloseable {
  private static final int DIGITS = 3;

  private final EventLoop loop;
  private final int resolutionMillis;
  private final Histogram delays = new ConcurrentHistogram(DIGITS);
  private Timeout timer;
  private long last;

  LoopDelay(EventLoop loop, int resolutionMillis) {
    this.loop = loop;
    this.resolutionMillis = resolutionMillis;
    timer = arm();
  }

  private Timeout arm() {
    last = loop.nanos();
    return loop.timers().start(this::record, resolutionMillis, true).unref();
  }

  private void record() {
    long now = loop.nanos();
    delays.recordValue(Math.max(0, now - last));
    last = now;
  }

  /** Stops measuring; the values stay. */
  @Override
  public void close() {
    timer.clear();
  }

  /** Goes on measuring after {@link #close}. */
  public void restart() {
    timer.clear();
    timer = arm();
  }

  /** Forgets the values. */
  public void reset() {
    delays.reset();
  }

  /** How often the timer has fired. */
  public long count() {
    return delays.getTotalCount();
  }

  /** The smallest value; 0 if there is none. */
  public long minNanos() {
    return count() == 0 ? 0 : delays.getMinValue();
  }

  /** The largest value. */
  public long maxNanos() {
    return delays.getMaxValue();
  }

  /** The mean. */
  public double meanNanos() {
    return delays.getMean();
  }

  /**
   * The value below which that share of the values lies.
   *
   * @param percentile from 0 to 100
   */
  public long percentileNanos(double percentile) {
    return delays.getValueAtPercentile(percentile);
  }
}
