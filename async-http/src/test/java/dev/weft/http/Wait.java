package dev.weft.http;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Conditions that come about, on a machine however slow. */
final class Wait {
  static final Duration LONG = Duration.ofMinutes(1);

  private Wait() {}

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen within " + LONG + ": " + what);
      }
      Thread.sleep(1);
    }
  }
}
