package dev.weft.frame;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The numbers that tell tasks from each other, given to those that are asked for theirs.
 *
 * <pre>{@code
 * System.out.println(executor.spawn(() -> buy(shop, item)).id()); // 7, if six were asked before
 * }</pre>
 */
public final class TaskNumbers {
  private static final AtomicLong LAST = new AtomicLong();

  private TaskNumbers() {}

  /**
   * The next one: from 1, and unique in this JVM among four billion that follow each other. Never
   * 0.
   */
  public static int next() {
    int next;
    do {
      next = (int) LAST.incrementAndGet();
    } while (next == 0);
    return next;
  }

  /** A number as people know it. */
  public static long asId(int number) {
    return Integer.toUnsignedLong(number);
  }
}
