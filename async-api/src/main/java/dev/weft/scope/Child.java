package dev.weft.scope;

import dev.weft.Task;
import dev.weft.frame.Awaiter;
import org.jspecify.annotations.Nullable;

/**
 * A task's place among the {@link Children} of a scope, and what waits for its end: it stands in
 * the task's waiter slot, by which the task knows its parent. 32 bytes; gone when the task has
 * ended. A task that is not forked has none.
 */
final class Child implements Awaiter {
  final Children parent;

  /** Null until it was spawned. Written once, before this stands in the slot. */
  volatile @Nullable Task<?> task;

  /** It is to end, as soon as it is spawned. Written under the parent's lock. */
  volatile boolean told;

  // Guarded by the parent.

  @Nullable Child previous;

  @Nullable Child next;

  Child(Children parent) {
    this.parent = parent;
  }

  @Override
  public void wake() {
    Task<?> ended = task;
    if (ended != null) { // it is: only then this stands in the slot
      parent.ended(this, ended);
    }
  }

  @Override
  public @Nullable Task<?> scopeParent() {
    return parent.founder();
  }

  @Override
  public boolean keepsAccount() {
    return true;
  }

  @Override
  public boolean hearsFailure() {
    return parent.hearsFailures();
  }
}
