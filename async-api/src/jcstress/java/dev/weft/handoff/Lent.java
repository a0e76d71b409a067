package dev.weft.handoff;

import dev.weft.Task;
import java.util.concurrent.atomic.AtomicInteger;

/** An operation that brings a 1, which has to be given back if it reaches nobody. */
public final class Lent extends Returnable<Integer> {
  private final AtomicInteger returned = new AtomicInteger();

  /** One that has brought it. */
  public static Lent done() {
    Lent operation = new Lent();
    operation.complete(1);
    return operation;
  }

  /** How often it was given back. */
  public int returned() {
    return returned.get();
  }

  @Override
  protected void giveBack(Integer value) {
    returned.incrementAndGet();
  }

  /** The method that was to take a task's value is halted. */
  public static void abandoned(Task<?> task) {
    abandon(task);
  }

  /** The method that was to pass it on has got another outcome meanwhile. */
  public static void claimedInVain(Task<?> task) {
    claim(task);
    unclaim(task);
  }
}
