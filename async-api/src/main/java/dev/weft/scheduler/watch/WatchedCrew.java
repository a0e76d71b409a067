package dev.weft.scheduler.watch;

/** The workers of one executor as their monitor sees them. All from the monitor's thread. */
public interface WatchedCrew {
  /** Each of them, in the order of their numbers. Not to be written to. */
  WatchedWorker[] watched();

  /** How many of them sleep; a moment old. */
  int sleeping();

  /** True if an I/O loop has not been polled for too long, or nobody holds it. */
  boolean isAnyLoopLate(long now);

  /**
   * Has a further I/O loop opened if all stand still in handlers. True if one does: the monitor is
   * not to rest.
   */
  boolean seeToStandingLoops(long now);

  /** True if a timer waits to be fired. */
  boolean isTimerDue(long now);

  /** Wakes a sleeper to help a worker that is stuck, one without an I/O loop by preference. */
  void wakeHelper();
}
