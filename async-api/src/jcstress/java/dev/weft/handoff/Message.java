package dev.weft.handoff;

import dev.weft.Task;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;

/** What one waits for again and again, handed over by a test. */
public final class Message extends Recurring<Integer> {
  private final AtomicInteger returned = new AtomicInteger();
  private final AtomicInteger sum = new AtomicInteger();

  /** Decides and delivers; false if it does not wait. */
  public boolean hand(int value) {
    boolean claimed = claim();
    if (claimed) {
      grant(value);
    }
    return claimed;
  }

  /** As an await takes it; -1 if it was given back. */
  public int take() {
    try {
      return isCompletedExceptionally() || !isFinished() ? -1 : join();
    } catch (CancellationException givenBack) {
      return -1;
    }
  }

  /** How often it was given back. */
  public int returned() {
    return returned.get();
  }

  /** The values that were given back. */
  public int sum() {
    return sum.get();
  }

  @Override
  protected void onWithdrawn() {}

  @Override
  protected void giveBack(Integer value) {
    returned.incrementAndGet();
    sum.addAndGet(value);
  }

  /** The method that was to take a task's value is halted. */
  public static void abandoned(Task<?> task) {
    abandon(task);
  }
}
