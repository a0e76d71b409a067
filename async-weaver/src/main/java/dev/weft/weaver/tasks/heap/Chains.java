package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.FieldName;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.Arrays;

/**
 * What waits for what: for each call, task and relay the future that it awaits, and for each future
 * who awaits it. As {@code dev.weft.frame.Link.source} has it. 8 bytes an object.
 */
final class Chains {
  static final int NONE = -1;

  /** An awaited future that is no object of the dump. */
  static final int UNKNOWN = -2;

  private final HeapDump dump;
  private final Kinds kinds;
  private final int[] next;
  private final int[] before;

  Chains(HeapDump dump, Kinds kinds) throws IOException {
    this.dump = dump;
    this.kinds = kinds;
    next = new int[dump.size()];
    before = new int[dump.size()];
    Arrays.fill(next, NONE);
    Arrays.fill(before, NONE);
    for (int object = 0; object < next.length; object++) {
      if (!kinds.is(object, Kinds.LINK)) {
        continue;
      }
      if (!hasEnded(object)) {
        next[object] = findNext(object);
        if (next[object] >= 0 && before[next[object]] == NONE) {
          before[next[object]] = object;
        }
      }
      if (kinds.is(object, Kinds.BRANCH)) {
        before[object] = dump.follow(object, Fields.BRANCH_OWNER);
      }
    }
  }

  private int findNext(int link) throws IOException {
    long sourceId = dump.reference(link, Fields.AWAITED);
    int source = dump.find(sourceId);
    if (kinds.is(source, Kinds.LINKED_FRAMES)) {
      int root = rootOf(source);
      if (dump.follow(root, Fields.LINKED_ROOT) != link) {
        return NONE; // it has ended, and its place is another's
      }
      sourceId = dump.reference(root, Fields.LINKED_SOURCE);
      source = dump.find(sourceId);
    }
    if (kinds.is(source, Kinds.WAITER)) {
      sourceId = dump.reference(source, Fields.HUNG_ON);
      source = dump.find(sourceId);
    }
    if (source < 0) {
      return sourceId == 0 ? NONE : UNKNOWN;
    }
    return kinds.is(source, Kinds.FUTURE) ? makerOr(source) : NONE;
  }

  private int rootOf(int linkedFrames) throws IOException {
    int at = linkedFrames;
    int into = dump.follow(at, Fields.LINKED_INTO);
    for (int steps = 0; into >= 0 && steps < dump.size(); steps++) { // or it is damaged
      at = into;
      into = dump.follow(at, Fields.LINKED_INTO);
    }
    return at;
  }

  /** The call behind what a generator is asked for, for as long as that runs. */
  private int makerOr(int future) throws IOException {
    FieldName field =
        kinds.is(future, Kinds.FETCHER)
            ? Fields.FETCHER
            : kinds.is(future, Kinds.GENERATOR) ? Fields.GENERATOR : null;
    if (field == null) {
      return future;
    }
    int pause = dump.follow(future, field);
    int body = pause < 0 ? NONE : dump.follow(pause, Fields.PAUSED_BODY);
    return body < 0 || hasEnded(body) ? future : body;
  }

  /** True if nothing of a link's body runs any more. */
  boolean hasEnded(int link) throws IOException {
    return dump.byteValue(link, Fields.ENDED) != 0;
  }

  /** True if who waits for a future has no reason to wait any longer. */
  boolean isOver(int future) throws IOException {
    return dump.reference(future, Fields.RESULT) != 0
        && (!kinds.is(future, Kinds.LINK) || hasEnded(future));
  }

  /** What a link waits for; NONE if it waits for nothing, UNKNOWN if that is not in the dump. */
  int next(int link) {
    return next[link];
  }

  /** The first one that waits for a future; NONE if nobody does. */
  int before(int future) {
    return before[future];
  }

  /** True for a call whose outcome is that of another, which has its place. */
  boolean isLinked(int frame) throws IOException {
    int source = dump.follow(frame, Fields.AWAITED);
    return kinds.is(source, Kinds.LINKED_FRAMES)
        && dump.follow(rootOf(source), Fields.LINKED_ROOT) != frame;
  }

  /** The nearest call or task that waits for something, directly or through a relay; or NONE. */
  int caller(int object) {
    int at = before[object];
    for (int steps = 0; at >= 0 && !kinds.is(at, Kinds.FRAME); steps++) {
      at = steps < before.length ? before[at] : NONE; // relays that wait for each other
    }
    return at;
  }
}
