package dev.weft.net;

import dev.weft.Task;
import java.util.concurrent.atomic.AtomicInteger;

/** An operation that has brought a 1, which has to be given back if it reaches nobody. */
public final class Lent extends Returnable<Integer> {
  private final AtomicInteger returned = new AtomicInteger();

  public Lent() {
    complete(1);
  }

  /** How often it was given back. */
  public int returned() {
    return returned.get();
  }

  @Override
  void giveBack(Integer value) {
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
