package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.BitSet;

/**
 * Which objects are shown: each task that has not ended, blocking calls too, and each suspended
 * call that neither a task nor another call waits for.
 */
final class Entries {
  private final HeapDump dump;
  private final Kinds kinds;
  private final Chains chains;
  private final BitSet shown = new BitSet();

  Entries(HeapDump dump, Kinds kinds, Chains chains) throws IOException {
    this.dump = dump;
    this.kinds = kinds;
    this.chains = chains;
    for (int object = 0; object < dump.size(); object++) {
      if (kinds.is(object, Kinds.SPAWN)
          ? isTask(object)
          : isCall(object) || isBlockingCall(object)) {
        shown.set(object);
      }
    }
  }

  private boolean isTask(int spawn) throws IOException {
    if (chains.hasEnded(spawn)) {
      return false;
    }
    // Made for an executor that has not accepted it, or not yet.
    boolean started =
        dump.reference(spawn, Fields.OWNED_SHARD) != 0
            || dump.byteValue(spawn, Fields.LOOP_STARTED) != 0;
    return started || dump.reference(spawn, Fields.BODY) == 0;
  }

  private boolean isBlockingCall(int object) throws IOException {
    return kinds.is(object, Kinds.BLOCKING_CALL) && dump.byteValue(object, Fields.CALL_ENDED) == 0;
  }

  private boolean isCall(int object) throws IOException {
    if (!kinds.is(object, Kinds.FRAME)
        || kinds.is(object, Kinds.INTERNAL)
        || chains.hasEnded(object)
        || chains.caller(object) >= 0
        || chains.isLinked(object)) {
      return false;
    }
    int next = chains.next(object);
    if (next == Chains.NONE) { // it runs, or was made and never suspended
      return dump.intValue(object, Fields.STATE) != 0 && dump.threadThatHas(dump.id(object)) != 0;
    }
    return !kinds.is(next, Kinds.PAUSE); // a generator that nobody asks for more
  }

  /** Shows a call that others wait for: of those that wait for each other none would be. */
  void add(int object) {
    shown.set(object);
  }

  boolean has(int object) {
    return object >= 0 && shown.get(object);
  }

  int size() {
    return shown.cardinality();
  }

  int[] all() {
    return shown.stream().toArray();
  }

  /** The task or the call that something is a part of; NONE if it is of none that is shown. */
  int of(int object) {
    int at = object;
    for (int steps = 0; at >= 0 && !shown.get(at); steps++) {
      at = steps < dump.size() ? chains.before(at) : Chains.NONE;
    }
    return at;
  }

  /** The task in whose scope a task was forked; NONE if it was in none. */
  int scope(int entry) throws IOException {
    int waiter = dump.follow(entry, Fields.WAITER);
    int children = waiter < 0 ? Chains.NONE : dump.follow(waiter, Fields.CHILD_PARENT);
    int maker = children < 0 ? Chains.NONE : dump.follow(children, Fields.SCOPE_MAKER);
    return maker < 0 ? Chains.NONE : of(maker);
  }

  /** Who waits for what is shown; NONE if nobody does. */
  int awaiting(int entry) {
    int before = chains.before(entry);
    return before < 0 ? Chains.NONE : of(before);
  }
}
