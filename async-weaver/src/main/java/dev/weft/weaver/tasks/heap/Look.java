package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.HeapTask.Branch;
import dev.weft.weaver.tasks.heap.HeapTask.State;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows a task or a call inwards, to what it waits for in the end; as {@code AsyncStacks}. */
final class Look {
  /** As many as a Java stack trace has, and so as AsyncStacks. */
  private static final int MOST = 1024;

  /** Relays among them, of which each call can have some. Guessed. */
  private static final int MOST_STEPS = 8 * MOST;

  /** So many branches of one call at the most: a report is to be read. As AsyncStacks. */
  private static final int MOST_BRANCHES = 16;

  private static final int MOST_BRANCHES_IN_ALL = 64;

  private final TaskHeap heap;
  private final HeapDump dump;
  private final int[] branchesInAll;

  final List<Place> calls = new ArrayList<>();
  final List<Branch> branches = new ArrayList<>();
  State state = State.SUSPENDED;

  /** What state that is, in words. */
  String words = "";

  @Nullable String waitsFor;

  /** The task that it waits for. */
  int awaits = Chains.NONE;

  /** The call that runs, or waits; negative for what has none, as a blocking call. */
  int innermost = Chains.NONE;

  /** How often its calls were polled, as long as they were there. */
  int polls;

  /** The serial number of the thread that has it, if it runs; 0 if there is none. */
  int thread;

  private Look(TaskHeap heap, int[] branchesInAll) {
    this.heap = heap;
    this.dump = heap.dump;
    this.branchesInAll = branchesInAll;
  }

  static Look at(TaskHeap heap, int object) throws IOException {
    return new Look(heap, new int[1]).take(object);
  }

  private Look take(int object) throws IOException {
    follow(object);
    Collections.reverse(calls);
    if (waitsFor != null) {
      words = "waits for " + waitsFor;
    }
    return this;
  }

  private void follow(int from) throws IOException {
    int at = from;
    int passed = from;
    for (int steps = 0; calls.size() < MOST && steps < MOST_STEPS; steps++) {
      if (at == passed && steps > 0) {
        goRound(from);
        return;
      }
      if ((steps & (steps - 1)) == 0) {
        passed = at; // Brent's algorithm: in a circle this comes by again
      }
      if (at != from && heap.kinds.is(at, Kinds.SPAWN | Kinds.BLOCKING_CALL)) {
        awaits = at;
        waitsFor = heap.waits.describe(at);
        return;
      }
      if (heap.kinds.is(at, Kinds.BLOCKING_CALL)) {
        blockingCall(at);
        return;
      }
      if (!heap.kinds.is(at, Kinds.LINK)) {
        leaf(at, at == from);
        return;
      }
      add(at);
      int next = heap.chains.next(at);
      if (next == Chains.NONE) {
        standing(at);
        return;
      }
      if (next == Chains.UNKNOWN) {
        waitsFor = "something that is not in the dump";
        return;
      }
      if (heap.chains.isOver(next)) {
        state = State.QUEUED;
        words = "is about to go on";
        return;
      }
      at = next;
    }
    waitsFor = "what is at the end of more than " + calls.size() + " calls";
  }

  /** The calls await each other in a circle: each is noted once. As Standing. */
  private void goRound(int from) throws IOException {
    calls.clear();
    polls = 0;
    Set<Integer> seen = new HashSet<>();
    for (int at = from; at >= 0 && seen.add(at); at = heap.chains.next(at)) {
      add(at);
    }
    waitsFor = "itself: its calls await each other in a circle";
  }

  private void blockingCall(int call) throws IOException {
    long runner = dump.reference(call, Fields.RUNNER);
    state = runner == 0 ? State.QUEUED : State.RUNNING;
    words = runner == 0 ? "is queued, and has not begun" : "runs";
    thread = dump.threadAt(runner);
  }

  private void add(int link) throws IOException {
    if (!heap.kinds.is(link, Kinds.FRAME)) {
      return;
    }
    innermost = link;
    polls += dump.intValue(link, Fields.POLLS);
    Place place = heap.sites.of(link);
    if (place != null) {
      calls.add(place);
    }
  }

  private void standing(int link) throws IOException {
    if (heap.chains.hasEnded(link)) {
      words = "has ended";
    } else if (heap.kinds.is(link, Kinds.RELAY)) {
      waitsFor = "nothing, as nobody awaits it";
    } else if (dump.reference(link, Fields.BODY) != 0) {
      state = State.QUEUED;
      words = "is queued, and has not begun";
    } else {
      state = State.RUNNING;
      words = "runs";
      thread = dump.threadThatHas(dump.id(link));
    }
  }

  private void leaf(int leaf, boolean first) throws IOException {
    if (heap.kinds.is(leaf, Kinds.COMBINING)) {
      branches(leaf);
    } else if (first) {
      words = heap.chains.isOver(leaf) ? "is complete" : "is not complete";
    } else {
      waitsFor = heap.waits.describe(leaf);
    }
  }

  private void branches(int combining) throws IOException {
    int[] all = heap.branches().of(combining);
    int pending = 0;
    boolean left = false;
    for (int branch : all) {
      if (heap.chains.hasEnded(branch)) {
        continue;
      }
      pending++;
      if (branches.size() == MOST_BRANCHES || branchesInAll[0] == MOST_BRANCHES_IN_ALL) {
        left = true;
        continue;
      }
      int stage = dump.follow(branch, Fields.STAGE);
      if (stage < 0) {
        continue;
      }
      branchesInAll[0]++;
      branches.add(branch(stage));
    }
    waitsFor =
        heap.waits.combining(combining, all.length, pending)
            + (left ? ", of which some are not shown" : "");
  }

  private Branch branch(int stage) throws IOException {
    String of = heap.waits.describe(stage);
    Look inner = new Look(heap, branchesInAll).take(stage);
    return new Branch(of, inner.words, inner.calls, inner.branches);
  }
}
