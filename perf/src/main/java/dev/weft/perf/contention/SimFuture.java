package dev.weft.perf.contention;

import org.jspecify.annotations.Nullable;

/** What one task completes and another awaits: AwaitedFuture. */
final class SimFuture {
  private final Line line;
  private boolean done;
  private @Nullable SimTask waiter;

  SimFuture(Agent maker) {
    line = Line.of(maker);
  }

  void complete(Worker worker) {
    worker.atomic(line); // the result
    done = true;
    if (waiter != null) {
      worker.atomic(line); // takes the waiter out of its slot
      SimTask woken = waiter;
      waiter = null;
      worker.store(woken.line); // since when it waits
      worker.schedule(woken);
    }
  }

  /** True if it is done; else the task stands in the waiter slot and is parked. */
  boolean isDoneOrParks(Worker worker, SimTask task) {
    worker.load(line);
    if (done) {
      return true;
    }
    worker.store(task.line);
    worker.atomic(line);
    waiter = task;
    return false;
  }
}
