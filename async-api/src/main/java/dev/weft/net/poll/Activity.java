package dev.weft.net.poll;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * What a loop's handlers have had to do of late: on how many channels something has happened, in
 * the last part of a second or so. A channel on which nothing happens costs its loop nothing.
 *
 * <p>Confined to the loop, but for {@link #active}.
 */
public final class Activity {
  private static final VarHandle COUNTED;

  /** As {@code now >> 28}: 0.27 s. Guessed: long enough for who sends a few times a second. */
  private static final int WINDOW_SHIFT = 28;

  private static final int COUNT_BITS = 24;
  private static final int MOST = (1 << COUNT_BITS) - 1;

  static {
    try {
      COUNTED = MethodHandles.lookup().findVarHandle(Activity.class, "counted", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier begin;

  /** Whether this round's handlers have begun. */
  private boolean begun;

  private long window;
  private int count;

  /** The window of the last change, and the greater count of that and the one before. Opaque. */
  @SuppressWarnings("unused") // through COUNTED
  private long counted;

  private int before;

  /**
   * Of a loop that has no channels yet.
   *
   * @param begin is told when the first handler of a round is about to be called, and says what
   *     time it is, by {@code System.nanoTime()}
   */
  public Activity(LongSupplier begin) {
    this.begin = begin;
  }

  /** A handler is about to be called. */
  public void begin() {
    if (!begun) {
      begun = true;
      long now = begin.getAsLong() >> WINDOW_SHIFT;
      if (now != window) {
        before = now == window + 1 ? count : 0;
        count = 0;
        window = now;
        publish();
      }
    }
  }

  /** The same, of a channel. */
  void begin(GuardedHandle handle) {
    begin();
    if (handle.lastActive != window) {
      handle.lastActive = window;
      count++;
      publish();
    }
  }

  /** The round is over. */
  public void end() {
    begun = false;
  }

  private void publish() {
    int greater = Math.min(MOST, Math.max(count, before));
    COUNTED.setOpaque(this, window << COUNT_BITS | greater);
  }

  /** On how many channels something has happened in the last half second or so. */
  public int active(long now) {
    long last = (long) COUNTED.getOpaque(this);
    long age = (now >> WINDOW_SHIFT) - (last >> COUNT_BITS);
    return age == 0 || age == 1 ? (int) (last & MOST) : 0;
  }
}
