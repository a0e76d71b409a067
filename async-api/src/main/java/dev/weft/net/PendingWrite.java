package dev.weft.net;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/** A write that waits for room. One that is cancelled waits no longer; its bytes are sent. */
final class PendingWrite extends Task<@Nullable Void> {
  /** Whether it is complete only when the kernel has all of it. */
  final boolean untilSent;

  PendingWrite(boolean untilSent) {
    this.untilSent = untilSent;
  }

  @Override
  protected String describeWait() {
    return untilSent ? "a write to be sent" : "room for a write";
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }
}
