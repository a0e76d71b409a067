package dev.weft.node.host;

/** The thread of an event loop: to be on it, or to get there. */
public interface LoopThread {
  /** True on the loop's thread. */
  boolean isOnThread();

  /**
   * Refuses to go on elsewhere.
   *
   * @throws IllegalStateException on any thread but the loop's
   */
  void check();

  /**
   * Has a callback run in the poll phase; or drops it, or rejects it, if the loop has ended. From
   * any thread.
   */
  void post(Runnable callback);
}
