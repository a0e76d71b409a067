package dev.weft.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Nanoseconds out of times of any length, where all that are too long to be counted mean the same:
 * for ever, which is 146 years.
 *
 * <p>That is half of what a {@code long} holds, because times are compared by their difference: one
 * that is due 146 years after now and one that was due 146 years before are still told apart
 * wherever {@link System#nanoTime()} counts from. {@code ScheduledThreadPoolExecutor} draws the
 * line at the same place.
 */
public final class Nanos {
  /** For ever. */
  public static final long MAX = Long.MAX_VALUE >> 1;

  private Nanos() {}

  /** A time of any length, also a negative one. */
  public static long of(Duration time) {
    return limited(TimeUnit.NANOSECONDS.convert(time));
  }

  /** A time of any length, also a negative one. */
  public static long of(long time, TimeUnit unit) {
    return limited(unit.toNanos(time));
  }

  /** The same time if it can be counted, and for ever if it is longer; zero if it is negative. */
  public static Duration atLeastZero(Duration time) {
    return Duration.ofNanos(Math.max(0, of(time)));
  }

  private static long limited(long nanos) {
    return Math.max(-MAX, Math.min(MAX, nanos));
  }
}
