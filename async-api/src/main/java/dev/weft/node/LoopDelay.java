package dev.weft.node;

/**
 * How late an event loop is: Node's {@code monitorEventLoopDelay}. A timer of the loop, which does
 * not keep it alive, notes how long it was since it fired last. As in Node the values contain the
 * timer's own interval: a loop that is never late shows the resolution.
 *
 * <p>Values are read on any thread, in nanoseconds with three digits; the rest is for the loop's
 * thread.
 *
 * <pre>{@code
 * LoopDelay delay = node.monitorEventLoopDelay(10);
 * node.setInterval(
 *     () -> System.out.println("p99 " + delay.percentileNanos(99) / 1_000_000 + " ms"), 1000);
 * }</pre>
 */
public interface LoopDelay extends AutoCloseable {
  /** Stops measuring; the values stay. */
  @Override
  void close();

  /** Goes on measuring after {@link #close}. */
  void restart();

  /** Forgets the values. */
  void reset();

  /** How often the timer has fired. */
  long count();

  /** The smallest value; 0 if there is none. */
  long minNanos();

  /** The largest value. */
  long maxNanos();

  /** The mean. */
  double meanNanos();

  /**
   * The value below which that share of the values lies.
   *
   * @param percentile from 0 to 100
   */
  long percentileNanos(double percentile);
}
