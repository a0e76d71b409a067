package dev.weft.node.loop;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Frame;
import dev.weft.node.phase.Phases;
import dev.weft.node.turn.Turn;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the queues and phases when the loop has ended. What is left of a program goes no
 * further, as in Node; what an executor leaves is rejected. Confined to the loop's thread.
 */
final class Leftovers {
  private final Turn turn;
  private final Phases phases;
  private final Arrivals arrivals;
  private final UnendedWork work;

  /** The loops that this one has started, of workers. */
  private final Set<AsyncExecutor> others = new HashSet<>();

  Leftovers(LoopParts parts) {
    this.turn = parts.turn();
    this.phases = parts.phases();
    this.arrivals = parts.arrivals();
    this.work = parts.work();
  }

  /** Another loop is to be ended with this one. */
  void add(AsyncExecutor another) {
    others.add(another);
  }

  /** It has ended. */
  void remove(AsyncExecutor another) {
    others.remove(another);
  }

  /** Ends the loops of workers. */
  void endOthers() {
    others.forEach(AsyncExecutor::shutdownNow);
  }

  /** Ends what is queued, in the order in which it would have run. */
  void endQueued(boolean program) {
    endAll(turn.microtasks()::poll, program);
    endAll(phases.timers()::abandon, program);
    endAll(phases.pending()::poll, program);
    endAll(phases.check()::poll, program);
  }

  private void endAll(Supplier<@Nullable Runnable> next, boolean program) {
    for (Runnable left; (left = next.get()) != null; ) {
      end(left, program);
    }
  }

  private void end(Runnable left, boolean program) {
    if (left instanceof Frame<?> frame) {
      if (program) {
        frame.drop(arrivals.refusalMessage());
      } else {
        arrivals.post(frame);
      }
    } else {
      arrivals.reject(left);
    }
  }

  /** Ends what was started. */
  void endStarted(boolean program) {
    if (program) {
      work.dropTasks();
    } else {
      work.forceMethods();
    }
  }
}
