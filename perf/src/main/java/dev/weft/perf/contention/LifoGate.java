package dev.weft.perf.contention;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a thief may take what stands in a LIFO slot: LifoGate. */
final class LifoGate {
  static final long AGE = 100_000;

  private record Sight(SimTask task, int polls, long since) {}

  private final Worker thief;
  private final Map<Integer, Sight> seen = new HashMap<>();
  private boolean watching;
  private boolean napped;

  LifoGate(Worker thief) {
    this.thief = thief;
  }

  @Nullable SimTask visit(Worker victim, boolean open) {
    SimTask task = victim.ring.peekLifo(thief);
    if (task == null) {
      return null;
    }
    if (open) {
      return victim.ring.stealLifo(thief, task) ? task : null;
    }
    int polls = victim.pollsSeen(thief);
    Sight before = seen.get(victim.id);
    if (before == null || before.task != task || before.polls != polls) {
      victim.ring.peekLifo(thief); // once more, after the count
      seen.put(victim.id, new Sight(task, polls, thief.now));
      watching = true;
      return null;
    }
    boolean old = thief.now - before.since >= AGE;
    return old && victim.ring.stealLifo(thief, task) ? task : null;
  }

  /** True if the thief, about to sleep, had better come back; else it forgets what it has seen. */
  boolean wantsNap() {
    boolean wanted = watching && !napped;
    napped = wanted;
    watching = false;
    if (!wanted) {
      seen.clear();
    }
    return wanted;
  }
}
