package dev.weft.scheduler.io;

/**
 * Which share of the time an I/O loop spends handling I/O, whoever runs it: an average over some
 * 0.4 s. Confined to who is inside the loop.
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
  private double share;

  LoopLoad(long now) {
    windowStart = now;
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
    double change = (active - activeBefore) / length - share;
    // One look that took long, while classes were loaded perhaps, is no load that lasts.
    share += change * Math.min(change > 0 ? MOST_AT_ONCE : 1, length / MEMORY_NANOS);
    windowStart = now;
    activeBefore = active;
    if (share < BUSY) {
      return false;
    }
    share = 0;
    return true;
  }
}
