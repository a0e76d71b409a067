package dev.weft.stream;

import java.time.Duration;

/** What operators refuse. */
final class Arguments {
  private Arguments() {}

  static void atLeast(long least, long value, String what) {
    if (value < least) {
      throw new IllegalArgumentException(what + " must be at least " + least + ", not " + value);
    }
  }

  static void positive(Duration period) {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period must be positive, not " + period);
    }
  }
}
