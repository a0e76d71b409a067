package dev.weft.scheduler.io;

/**
 * Which share of the time an I/O loop spends handling I/O, whoever runs it: an average over some
 * 0.4 s. Confined to who is inside the loop, but for {@link #recent}.
 */
final class LoopLoad {
  /** For how long the loop is measured at once. Guessed. */
  private static final long WINDOW_NANOS = 50_000_000;

  /** Windows that are older than this count for nothing. Guessed. */
  private static final double MEMORY_NANOS = 400_000_000;

  /** What one window can add at most: an ordinary one's share. */
  private static final double MOST_AT_ONCE = WINDOW_NANOS / MEMORY_NANOS;

  /**
   * From which share on a further loop is wanted. Guessed: with less, the loop's holder has time to
   * run tasks beside, which is cheaper than a second loop.
   */
  private static final double BUSY = 0.8;

  private long windowStart;
  private long activeBefore;

  /** Since a further loop was last asked for. */
  private double asking;

  private double share;

  /** For others. A double and its time need not belong together: both change slowly. */
  private volatile double published;

  private volatile long publishedAt;

  LoopLoad(long now) {
    windowStart = now;
    publishedAt = now;
  }

  /** True if the window is over and it is time to {@link #add} it. */
  boolean isDue(long now) {
    return now - windowStart >= WINDOW_NANOS;
  }

  /**
   * Takes a window into the average.
   *
   * @param active nanoseconds spent handling I/O, in all
   * @return true if the loop is so busy that there should be another; then it begins anew, to give
   *     that one its chance
   */
  boolean add(long now, long active) {
    double length = now - windowStart;
    double window = (active - activeBefore) / length;
    share = average(share, window, length);
    asking = average(asking, window, length);
    windowStart = now;
    activeBefore = active;
    published = share;
    publishedAt = now;
    if (asking < BUSY) {
      return false;
    }
    asking = 0;
    return true;
  }

  private static double average(double before, double window, double length) {
    double change = window - before;
    // One look that took long, while classes were loaded perhaps, is no load that lasts.
    return before + change * Math.min(change > 0 ? MOST_AT_ONCE : 1, length / MEMORY_NANOS);
  }

  /** The share as it was last measured, less what has been forgotten since. From any thread. */
  double recent(long now) {
    long age = now - publishedAt - WINDOW_NANOS;
    return age <= 0 ? published : published * Math.max(0, 1 - age / MEMORY_NANOS);
  }
}
