package dev.weft.weaver.lifetimes;

import dev.weft.TaskCancelledException;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Step;
import dev.weft.weaver.lifetimes.Tree.Wrap;
import java.util.concurrent.TimeoutException;

/** The rules of one way to await something. */
record Waiting(Step step) {
  private boolean isCall() {
    return step.kind() == Kind.CALL || step.kind() == Kind.LATER;
  }

  private boolean isCancelling() {
    return step.wrap() == Wrap.CANCELLING || step.wrap() == Wrap.LIMIT_CANCELLING;
  }

  boolean isLimited() {
    return step.wrap() == Wrap.LIMIT || step.wrap() == Wrap.LIMIT_CANCELLING;
  }

  /** True if a cancellation of who awaits goes on to what is awaited. */
  boolean passesOn() {
    return isCall()
        ? step.wrap() != Wrap.SHIELD
        : step.kind() == Kind.FORK || (step.kind() == Kind.SPAWN && isCancelling());
  }

  /** True if what is awaited has ended after the await, however that ends. */
  boolean isAlwaysAwaited() {
    return passesOn();
  }

  /** The same, if the await ends with this. */
  boolean isEndedAfter(Throwable error) {
    return isAlwaysAwaited()
        || !(error instanceof TaskCancelledException
            || (isLimited() && error instanceof TimeoutException));
  }

  /** True if a value that it brings cannot be lost: only its awaiter cancels it. */
  boolean keepsValues() {
    return isCall() && step.wrap() != Wrap.SHIELD;
  }

  /** True if who awaits and what is awaited may run at the same time. */
  boolean hasOwnChain() {
    return step.kind() != Kind.CALL || step.wrap() == Wrap.SHIELD;
  }
}
