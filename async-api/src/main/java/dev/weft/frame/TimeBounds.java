package dev.weft.frame;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What {@code orTimeout} and {@code completeOnTimeout} have hung on tasks: the JDK has a dependent
 * of its own there, which ends the timer when the task is complete. It is nobody who waits for the
 * task, so a cancellation of who awaits it goes past it.
 *
 * <p>An entry refers to its task, as the JDK's timer does; both are gone when that is complete.
 */
final class TimeBounds {
  /** By identity: a subclass may have an {@code equals} of its own. */
  private static final Map<AwaitedFuture<?>, Integer> BOUNDS =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private TimeBounds() {}

  /** Looked at only by who bounds something: it starts the JDK's timer thread. */
  private static final class Call {
    /** How many dependents one call makes, with the one that removes the entry. */
    static final int DEPENDENTS = 1 + dependentsOfOne();

    private static int dependentsOfOne() {
      CompletableFuture<@Nullable Void> probe = new CompletableFuture<>();
      probe.orTimeout(1, TimeUnit.DAYS);
      int dependents = probe.getNumberOfDependents();
      probe.complete(null);
      return dependents;
    }
  }

  /**
   * Bounds the time of a task.
   *
   * @param call that of the JDK's method; what it throws is thrown, and nothing is bounded then
   */
  static void bound(AwaitedFuture<?> task, Runnable call) {
    if (task.isDone()) {
      call.run(); // for its checks
      return;
    }
    call.run();
    task.whenComplete((value, error) -> BOUNDS.remove(task));
    // Not before both are there: a count that is too low lets go of the task, as of one on which
    // something hangs; one that is too high could hide somebody who waits.
    BOUNDS.merge(task, Call.DEPENDENTS, Integer::sum);
    if (task.isDone()) {
      BOUNDS.remove(task);
    }
  }

  static int dependentsOf(AwaitedFuture<?> task) {
    return BOUNDS.getOrDefault(task, 0);
  }
}
