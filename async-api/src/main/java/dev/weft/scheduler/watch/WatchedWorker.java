package dev.weft.scheduler.watch;

import org.jspecify.annotations.Nullable;

/** A worker as its monitor sees it. All from the monitor's thread, and a moment old. */
public interface WatchedWorker {
  /**
   * Changes with each frame, look at events and sleep. The {@link StuckMonitor} compares two looks
   * at it; what it misses in one it finds in the next.
   */
  long progress();

  /** True while the worker sleeps of its own accord. */
  boolean isAsleep();

  /** The thread that runs it. */
  Thread thread();

  /** Says that this worker has been in one poll of a frame for too long. */
  void markStuck(long sameProgress);

  /** How its I/O loop was last taken over; null if it never was, or has none. */
  default @Nullable Takeover takeover() {
    return null;
  }

  /** True if it has frames that another worker could poll. */
  boolean hasStealable();
}
