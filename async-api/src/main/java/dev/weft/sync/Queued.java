package dev.weft.sync;

import dev.weft.handoff.Waiting;
import dev.weft.select.Claim;
import org.jspecify.annotations.Nullable;

/** One who waits, and to whom {@link Deliveries} brings what it has got. */
abstract class Queued<T extends @Nullable Object> extends Waiting<T> {
  /** Link of the list of those who have got something; belongs to whoever has the list. */
  @Nullable Queued<?> nextGranted;

  Queued(@Nullable Claim claim) {
    super(claim);
  }

  /** Ends the task with what it has got. After {@link #claim}, and without any lock. */
  abstract void deliver();
}
