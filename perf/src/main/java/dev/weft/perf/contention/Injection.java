package dev.weft.perf.contention;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What comes from outside: InjectionQueue. Its two ends and the consumer's lock share a line. */
final class Injection {
  private final Line pushed = new Line();
  private final Line taken;
  private final ArrayDeque<SimTask> queue = new ArrayDeque<>();
  private @Nullable SimTask last;

  Injection(boolean apart) {
    taken = apart ? new Line() : pushed;
  }

  void push(Agent agent, SimTask task) {
    agent.store(task.line); // its next
    agent.atomic(pushed); // the count
    agent.atomic(pushed); // the tail
    if (last != null) {
      agent.store(last.line); // its next
    }
    last = task;
    queue.add(task);
  }

  boolean isEmpty(Agent agent) {
    agent.load(pushed);
    if (!queue.isEmpty()) {
      return false;
    }
    agent.load(taken);
    return true;
  }

  /** Takes the first and the lock; null if there is none, or another has the lock. */
  @Nullable SimTask takeFirst(Agent agent) {
    if (isEmpty(agent) || !agent.tryLock(taken)) {
      return null;
    }
    taken.heldUntil = Long.MAX_VALUE;
    return take(agent);
  }

  /** By who has the lock. */
  @Nullable SimTask takeNext(Agent agent) {
    return queue.isEmpty() ? null : take(agent);
  }

  void endTaking(Agent agent) {
    agent.unlock(taken);
  }

  private SimTask take(Agent agent) {
    SimTask task = queue.remove();
    agent.load(task.line);
    agent.store(taken);
    agent.store(task.line);
    if (queue.isEmpty()) {
      agent.atomic(pushed); // the stub is linked behind it
      last = null;
    }
    return task;
  }
}
