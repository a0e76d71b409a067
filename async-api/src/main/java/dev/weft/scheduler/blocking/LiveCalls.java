package dev.weft.scheduler.blocking;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The blocking calls that are under way or wait in line, and how many there ever were.
 *
 * <p>{@code Scheduler} ends when it finds nothing alive anywhere and nothing begun between its
 * first and its last look. For that a call counts as begun <em>after</em> it is alive: whoever
 * submits it is alive itself until both have happened. So one who finds no call, and then not its
 * submitter either, sees that it has begun. The other way round it could be counted before the
 * first look, and be alive only after that for calls.
 */
final class LiveCalls {
  private final Set<BlockingCall<?>> live = ConcurrentHashMap.newKeySet();
  private final LongAdder begun = new LongAdder();

  void add(BlockingCall<?> call) {
    live.add(call);
    begun.increment();
  }

  void remove(BlockingCall<?> call) {
    live.remove(call);
  }

  boolean isEmpty() {
    return live.isEmpty();
  }

  /** How many were ever added. */
  long begun() {
    return begun.sum();
  }

  List<BlockingCall<?>> snapshot() {
    return List.copyOf(live);
  }
}
