package dev.weft.net.poll;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many light connections of one sort may be handled in a round, and for how long; see {@link
 * Turns}. The clock is not looked at for each: a look takes 40 ns, and what there is to do for a
 * small message some 1,500. Confined to the loop.
 */
final class LightShare {
  /** For how long they are handled in a poll. Guessed. */
  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** If it was no longer since the last look, {@link #UNTIMED} are handled without one. Guessed. */
  private static final long SHORT_NANOS = NANOS / 16;

  private static final int UNTIMED = 3;

  private final LongSupplier clock;
  private final int most;

  private int handled;
  private long end;
  private long lastLook;
  private int untimed;

  /**
   * Has not begun.
   *
   * @param most how many are handled at a time
   */
  LightShare(LongSupplier clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  void begin(long now) {
    end = now + NANOS;
    lastLook = now;
    untimed = 0; // the poll may have had much to do that does not wait
    handled = 0;
  }

  /** How many have been since it began. */
  int handled() {
    return handled;
  }

  /** Counts one more, if there may be one. */
  boolean takeOne() {
    if (handled >= most || isOver()) {
      return false;
    }
    handled++;
    return true;
  }

  private boolean isOver() {
    if (untimed > 0) {
      untimed--;
      return false;
    }
    long now = clock.getAsLong();
    boolean over = now - end >= 0;
    untimed = !over && now - lastLook <= SHORT_NANOS ? UNTIMED : 0;
    lastLook = now;
    return over;
  }
}
