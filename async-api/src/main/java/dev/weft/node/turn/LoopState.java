package dev.weft.node.turn;

/**
 * How far the end of a loop has come. Each step is taken once and never back:
 *
 * <pre>
 *   shutdown   no more tasks are accepted from other threads          by any thread
 *   ending     the loop is to end when its tasks have                 by any thread, after shutdown
 *   stopped    exit: nothing more is run, what is left is to be ended by the loop's thread
 *   halted     what is posted from now on is rejected                 by the loop's thread, when it
 *              is stopped or its driver does not open; or by whoever closes the loop and has waited
 *              for long enough
 * </pre>
 */
public final class LoopState {
  private volatile boolean shutdown;
  private volatile boolean ending;
  private volatile boolean halted;

  /** Confined to the loop's thread. */
  private boolean stopped;

  /** Accepts no more tasks from other threads. */
  public void shutDown() {
    shutdown = true;
  }

  /** Has the loop end with its tasks; shuts it down as well. */
  public void beginEnding() {
    shutdown = true;
    ending = true;
  }

  void stop() {
    stopped = true;
  }

  /** Rejects what is posted from now on. */
  public void halt() {
    halted = true;
  }

  /** No more tasks are accepted from other threads. */
  public boolean isShutdown() {
    return shutdown;
  }

  /** The loop is to end when its tasks have. */
  public boolean isEnding() {
    return ending;
  }

  /** What is posted is rejected. */
  public boolean isHalted() {
    return halted;
  }

  /** The loop has come to its exit. On its thread. */
  boolean isExited() {
    return stopped;
  }

  /**
   * Nothing more is run; what is left is dropped or rejected. On the loop's thread; true as well if
   * it was halted by close, whose patience is over.
   */
  boolean isStopped() {
    return stopped || halted;
  }
}
