package dev.weft.handoff;

import dev.weft.Task;
import java.util.concurrent.atomic.AtomicInteger;

/** One who waits for a 1, and counts what becomes of it. */
public final class Waiter extends Waiting<Integer> {
  private final AtomicInteger returned = new AtomicInteger();
  private final AtomicInteger withdrawn = new AtomicInteger();

  /** One that is in no select. */
  public Waiter() {
    super(null);
  }

  /** As a lock does: decides, and delivers. False if it does not wait any more. */
  public boolean handOver() {
    if (!claim()) {
      return false;
    }
    grant(1);
    return true;
  }

  /** The method that awaits it is halted. */
  public void abandoned() {
    abandon((Task<?>) this);
  }

  /** How often what it got was given back. */
  public int returned() {
    return returned.get();
  }

  /** How often it was told that it waits no longer. */
  public int withdrawn() {
    return withdrawn.get();
  }

  @Override
  protected void giveBack(Integer value) {
    returned.incrementAndGet();
  }

  @Override
  protected void onWithdrawn() {
    withdrawn.incrementAndGet();
  }
}
