package dev.weft.node;

import org.jspecify.annotations.Nullable;

/**
 * What {@code setImmediate} returns. All methods are for the loop's thread, and throw {@link
 * IllegalStateException} elsewhere.
 */
public final class Immediate {
  private final CheckPhase phase;
  final Runnable callback;
  @Nullable Immediate next;
  boolean referenced = true;

  /** Ran, runs, or was cleared. */
  boolean ended;

  Immediate(CheckPhase phase, Runnable callback) {
    this.phase = phase;
    this.callback = callback;
  }

  /** Lets it keep the loop alive, and from waiting, which it does from the start. */
  public Immediate ref() {
    phase.ref(this, true);
    return this;
  }

  /** Lets the loop wait, or end, although this immediate has not run. */
  public Immediate unref() {
    phase.ref(this, false);
    return this;
  }

  /** Whether it keeps the loop alive. */
  public boolean hasRef() {
    return referenced && !ended;
  }

  /** Sees to it that the callback does not run. Does nothing if it did or does. */
  public void clear() {
    phase.clear(this);
  }
}
