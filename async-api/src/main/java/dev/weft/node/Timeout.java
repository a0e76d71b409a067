package dev.weft.node;

import org.jspecify.annotations.Nullable;

/**
 * What {@code setTimeout} and {@code setInterval} return. All methods are for the loop's thread,
 * and throw {@link IllegalStateException} elsewhere.
 */
public final class Timeout {
  /** Node's {@code TIMEOUT_MAX}. */
  static final int MAX_MILLIS = Integer.MAX_VALUE;

  private final EventLoop loop;
  final int millis;
  final boolean repeats;

  /** Null once the timer was cleared. */
  @Nullable Runnable callback;

  /** The loop's time when it was last started. */
  long start;

  boolean referenced = true;

  /** It will not fire any more: fired for the last time, or cleared. */
  boolean ended;

  /** The list that it stands in, and its neighbours there. */
  @Nullable TimerList list;

  @Nullable Timeout previous;
  @Nullable Timeout next;

  Timeout(EventLoop loop, Runnable callback, int millis, boolean repeats) {
    this.loop = loop;
    this.callback = callback;
    this.millis = millis;
    this.repeats = repeats;
  }

  /** The duration that a timer really gets: whole milliseconds, and 1 for all outside 1..2^31-1. */
  static int duration(double millis) {
    return millis >= 1 && millis <= MAX_MILLIS ? (int) millis : 1;
  }

  /** Lets the timer keep the loop alive, which it does from the start. */
  public Timeout ref() {
    loop.timers().ref(this, true);
    return this;
  }

  /** Lets the loop end although this timer has not fired. */
  public Timeout unref() {
    loop.timers().ref(this, false);
    return this;
  }

  /** Whether it keeps the loop alive. */
  public boolean hasRef() {
    return referenced;
  }

  /** Starts the timer anew with its duration, also after it has fired. A cleared one stays so. */
  public Timeout refresh() {
    loop.timers().refresh(this);
    return this;
  }

  /** Sees to it that the callback does not run any more. Does nothing the second time. */
  public void clear() {
    loop.timers().clear(this);
  }
}
