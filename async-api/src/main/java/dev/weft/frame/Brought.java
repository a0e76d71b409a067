package dev.weft.frame;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * In place of what it waits for, in a frame that has ended with the value of an operation, for one
 * method alone. The operation keeps account of who has the value. While {@link Link#BROUGHT} is
 * set, one of its claims is the frame's own: the method may be halted before it takes the value.
 * Set by the frame's owner before the outcome; whoever clears it, by compare-and-set, takes over
 * the claim.
 */
record Brought(Task<?> operation) {
  /**
   * What is to stand in a frame that is about to end with a task's value; null if nobody keeps
   * account of it, or more than one may take it. Asked by the frame's owner.
   */
  static @Nullable Brought by(Frame<?> frame, @Nullable Task<?> task) {
    Task<?> operation = Link.operationOf(task);
    return operation != null && hasOneTaker(frame) ? new Brought(operation) : null;
  }

  /**
   * True if the value that a frame is about to end with goes to one method at most, through relays
   * perhaps. As of now: who comes later sets {@code observed}, or claims the value when he takes it
   * and may find that it was given back.
   */
  private static boolean hasOneTaker(Frame<?> frame) {
    if (frame.isDone() || !(frame.isChained() || isAccountedFor(frame))) {
      return false; // another outcome; a task may be looked at later
    }
    Link<?> at = frame;
    while (!at.isLookedAt() && AwaitedFuture.hasNoDependents(at)) {
      Awaiter awaiter = AwaitedFuture.waiterOf(at);
      if (awaiter != null && !AwaitedFuture.isAwaitedOnlyBy(at, awaiter)) {
        return false;
      }
      if (!(awaiter instanceof Relay<?> relay)) {
        return true;
      }
      at = relay;
    }
    return false;
  }

  private static boolean isAccountedFor(Frame<?> spawned) {
    Awaiter awaiter = AwaitedFuture.waiterOf(spawned);
    return awaiter != null && awaiter.keepsAccount();
  }
}
