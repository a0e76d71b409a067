package dev.weft.frame;

import java.util.concurrent.CompletableFuture;

/**
 * Counts the awaits of one method, or of all in a program, and cancels something at one of them.
 */
public final class Awaits {
  private final int last;
  private Runnable cancel = () -> {};
  private int count;

  /**
   * Begins to count.
   *
   * @param last at which await to cancel; none if it is 0
   */
  public Awaits(int last) {
    this.last = last;
  }

  /** What to do there. */
  public void cancelsBy(Runnable canceller) {
    cancel = canceller;
  }

  /** True if there were not that many awaits. */
  public boolean isOver() {
    return count < last;
  }

  /** One more await, which is about to suspend. */
  public void next() {
    if (++count == last) {
      cancel.run();
    }
  }

  /** What a body returns in order to wait, and be counted. */
  public Object await(HandWritten<?> frame, CompletableFuture<?> future, int nextState) {
    next();
    return frame.await(future, nextState);
  }
}
