package dev.weft.frame;

import dev.weft.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who awaits a call, outwards to the task that it is a part of. From any thread; asked by who owns
 * the call and is about to end it, the answer is exact, because those who await it stand in its
 * slot until then.
 */
final class Callers {
  /** HotSpot's figure for the depth of a stack trace ({@code -XX:MaxJavaStackTraceDepth}). */
  static final int MOST = 1024;

  private static final int MOST_STEPS = 4 * MOST;

  private Callers() {}

  /**
   * Adds the line at which each call stands that awaits another one, the innermost first, and then
   * where the task was spawned, if they are a task.
   *
   * @param from the innermost call, which is not added itself, unless it is the task
   * @param most how many there are to be at the most
   * @return the task, or the outermost call if nobody awaits that; null if there are more
   */
  static @Nullable Task<?> add(Link<?> from, List<StackTraceElement> to, int most) {
    Task<?> at = from;
    // Not each step adds a line; and nothing keeps a program from awaiting in a circle.
    for (int steps = 0; to.size() < most && steps < MOST_STEPS; steps++) {
      if (at instanceof Spawn<?> task && !task.isOperation()) {
        to.add(SpawnSite.element(task));
        return task;
      }
      Task<?> outer = outerOf(at);
      if (outer == null) {
        return at;
      }
      StackTraceElement site = outer instanceof Frame<?> call ? site(call) : null;
      if (site != null) {
        to.add(site);
      }
      at = outer;
    }
    return null;
  }

  private static @Nullable StackTraceElement site(Frame<?> call) {
    return call instanceof Spawn<?> ? null : AwaitSites.awaiting(call);
  }

  /** Who awaits it alone: a call, or what stands between two of them. */
  static @Nullable Task<?> outerOf(Task<?> task) {
    Awaiter awaiter = AwaitedFuture.soleWaiterOf(task); // of several, none is the caller
    return awaiter instanceof Pause pause
        ? pause.promised()
        : awaiter instanceof Task<?> outer ? outer : null;
  }
}
