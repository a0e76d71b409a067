package dev.weft.node.timer;

import dev.weft.node.Timeout;
import org.jspecify.annotations.Nullable;

/** A timer, in the list of those of its duration. Confined to the loop's thread. */
final class ListedTimer implements Timeout {
  private final TimersPhase timers;
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

  @Nullable ListedTimer previous;
  @Nullable ListedTimer next;

  ListedTimer(TimersPhase timers, Runnable callback, int millis, boolean repeats) {
    this.timers = timers;
    this.callback = callback;
    this.millis = millis;
    this.repeats = repeats;
  }

  @Override
  public Timeout ref() {
    timers.ref(this, true);
    return this;
  }

  @Override
  public Timeout unref() {
    timers.ref(this, false);
    return this;
  }

  @Override
  public boolean hasRef() {
    return referenced;
  }

  @Override
  public Timeout refresh() {
    timers.refresh(this);
    return this;
  }

  @Override
  public void clear() {
    timers.clear(this);
  }
}
