package dev.weft.scope;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.frame.Awaiter;
import dev.weft.frame.Link;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a scope does with tasks that only tasks may: to await them, to take a value or not. */
final class ScopeTask extends Task<@Nullable Void> {
  private ScopeTask() {}

  /** Has somebody woken at a task's end; false if it has ended. */
  static boolean awaitEnd(Task<?> task, Awaiter awaiter) {
    return register(task, awaiter);
  }

  /**
   * Tells a task that its outcome is not wanted: unlike with {@code cancel}, that remains what its
   * body makes it, clean-up that fails included.
   */
  static void tell(Task<?> task) {
    if (task instanceof Link<?> link) {
      link.request();
    } else {
      task.cancel(true);
    }
  }

  /** Nobody will have this task's value. */
  static void drop(Task<?> task) {
    abandon(task);
  }

  /** It was taken, and reaches nobody after all. */
  static void untake(Task<?> task) {
    unclaim(task);
  }

  /**
   * What a task that was told to end has failed with: that of its clean-up, if it failed. Where a
   * task has called others, that is the cause of what it was told.
   */
  static Throwable failureOfTold(Task<?> task) {
    Throwable failure = failureOf(task);
    Throwable cause = failure instanceof TaskCancelledException ? failure.getCause() : null;
    return cause != null ? cause : failure;
  }

  /** What a failed task has failed with. */
  static Throwable failureOf(Task<?> task) {
    Throwable held = task.handle((value, error) -> error).join(); // it is complete: at once
    Throwable cause = held instanceof CompletionException ? held.getCause() : null;
    return cause != null ? cause : held;
  }
}
