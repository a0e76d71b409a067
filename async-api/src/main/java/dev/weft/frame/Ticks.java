package dev.weft.frame;

import java.util.concurrent.TimeUnit;

/**
 * A clock that costs a field's read: coarse, and moved on by others. It says since when a task is
 * there, and since when it is where it is, which is noted for each and hardly ever looked at;
 * {@link System#nanoTime} is 20 ns and more, a fifth of what it takes to spawn a task.
 *
 * <p>The monitors of the executors move it on as often as they look at anything, that is up to
 * every 10 ms, or 100 ms for an executor of one worker whose polls nobody times; so does whoever
 * sets going an executor that has rested, and each thread outside that spawns. So it stands still
 * only while nothing happens.
 *
 * <p>Plain: who reads it sees the time some moments late. Several who write it at once may set it
 * back by as much.
 *
 * <pre>{@code
 * int since = Ticks.now();
 * // .. and later, from anywhere:
 * System.out.println(Ticks.millisSince(since) + " ms");
 * }</pre>
 */
public final class Ticks {
  /** A tick is 2^22 ns, 4.2 ms, so that an int holds 208 days. */
  private static final int SHIFT = 22;

  /** So far a time may be ahead of the clock, in ticks. Guessed: 4 minutes. */
  private static final int MOST_AHEAD = 1 << 16;

  private static final long ORIGIN = System.nanoTime();

  private static int now;

  private Ticks() {}

  /** The time, in ticks since some moment. Wraps around. */
  public static int now() {
    return now;
  }

  /** Moves it on to the time that it is. */
  public static int refresh() {
    return moveTo(System.nanoTime());
  }

  /** Moves it on to a time of {@link System#nanoTime} that somebody has just read. */
  public static int moveTo(long nanoTime) {
    int next = (int) ((nanoTime - ORIGIN) >>> SHIFT);
    if (now != next) { // else the line stays where it is read
      now = next;
    }
    return next;
  }

  /**
   * How long ago a time was, in milliseconds, give or take what a tick is: 208 days at the most,
   * after which it begins anew.
   */
  public static long millisSince(int tick) {
    int ticks = refresh() - tick;
    boolean ahead = ticks < 0 && ticks > -MOST_AHEAD; // another thread has read a later time
    return ahead ? 0 : TimeUnit.NANOSECONDS.toMillis(Integer.toUnsignedLong(ticks) << SHIFT);
  }
}
