package dev.weft.node.phase;

import dev.weft.node.Immediate;
import org.jspecify.annotations.Nullable;

/** A callback of the check phase, in its list. Confined to the loop's thread. */
final class CheckCallback implements Immediate {
  private final CheckPhase phase;
  final Runnable callback;
  @Nullable CheckCallback next;
  boolean referenced = true;

  /** Ran, runs, or was cleared. */
  boolean ended;

  CheckCallback(CheckPhase phase, Runnable callback) {
    this.phase = phase;
    this.callback = callback;
  }

  @Override
  public Immediate ref() {
    phase.ref(this, true);
    return this;
  }

  @Override
  public Immediate unref() {
    phase.ref(this, false);
    return this;
  }

  @Override
  public boolean hasRef() {
    return referenced && !ended;
  }

  @Override
  public void clear() {
    phase.clear(this);
  }
}
