package dev.weft.examples;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * How much the tests under load do: {@code -Dexamples.clients=1000 -Dexamples.seconds=60} for more
 * than a build does.
 */
final class Load {
  /** At a time. */
  static final int CLIENTS = Integer.getInteger("examples.clients", 50);

  static final Duration TIME = Duration.ofSeconds(Integer.getInteger("examples.seconds", 2));

  /** For what must happen, also on a machine that is busy with other things. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Load() {}

  /** Waits for what must come about. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError(what + ": not within " + PATIENCE);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Something that is done again and again, by one thread, while a test lasts. */
  interface Step {
    void run() throws Exception;
  }

  /** How often it was done. */
  static long repeat(Step step) throws Exception {
    long start = System.nanoTime();
    long count = 0;
    for (; System.nanoTime() - start < TIME.toNanos(); count++) {
      step.run();
    }
    return count;
  }
}
