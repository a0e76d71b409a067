package dev.weft.scheduler.io;

/** What the I/O loops ask of the workers who run them: of all together, not of one. */
public interface LoopCrew {
  /** True while the monitor finds that worker in one poll of a frame for too long. */
  boolean isStuck(int worker);

  /** Wakes a sleeper that holds no I/O loop, because there is one to be had. From any thread. */
  void wakeForFreeLoop();

  /** Wakes a sleeper, by preference one that holds no loop. From any thread. */
  void wakeHelper();

  /**
   * A worker has taken the I/O loop of one that was late with its poll. On its own thread.
   *
   * @return false if it was taken before in the same poll of a frame
   */
  boolean loopTaken(int from, int by);

  /** How often a worker has taken an I/O loop from one that was late with its poll. */
  long loopTakeovers();
}
