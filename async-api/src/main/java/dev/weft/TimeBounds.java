package dev.weft;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
  /** How many dependents one call makes, with the one that removes the entry. */
  private static final int EACH = 1 + dependentsOfOne();

  /** Tasks know each other by identity; see {@link Object#equals}, which none overrides. */
  private static final ConcurrentHashMap<Task<?>, Integer> BOUNDS = new ConcurrentHashMap<>();

  private TimeBounds() {}

  private static int dependentsOfOne() {
    CompletableFuture<@Nullable Void> probe = new CompletableFuture<>();
    probe.orTimeout(1, TimeUnit.DAYS);
    int dependents = probe.getNumberOfDependents();
    probe.complete(null);
    return dependents;
  }

  /**
   * Bounds the time of a task.
   *
   * @param call that of the JDK's method; what it throws is thrown, and nothing is bounded then
   */
  static void bound(Task<?> task, Runnable call) {
    if (task.isDone()) {
      call.run(); // for its checks
      return;
    }
    // Before there is a dependent that is not counted, there is a count that is too high: who looks
    // in between lets go of the task, as of one on which something hangs.
    BOUNDS.merge(task, EACH, Integer::sum);
    try {
      call.run();
    } catch (Throwable refused) {
      BOUNDS.computeIfPresent(task, (key, count) -> count == EACH ? null : count - EACH);
      throw refused;
    }
    task.whenComplete((value, error) -> BOUNDS.remove(task));
  }

  static int dependentsOf(Task<?> task) {
    return BOUNDS.getOrDefault(task, 0);
  }
}
