package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for each other. A call waits for what it awaits; who waits for all of several,
 * for each that is not complete; a scope's {@code join}, for the scope's tasks; and who waits for
 * an {@code AsyncMutex}, or for an {@code AsyncRwLock} that is written, for the call that has it:
 * the suspended one among whose saved locals it is. One that keeps it elsewhere, in an object of
 * the program's own, is not found, and neither is a deadlock of permits, which belong to nobody.
 */
final class Deadlocks {
  /**
   * A deadlock.
   *
   * @param text for people, a line for each member
   */
  record Deadlock(String text, List<Member> members) {}

  /** One of those that wait for each other, in the order in which they do. */
  record Member(String key, String of, @Nullable Place at, String waitsFor) {}

  private static final byte UNSEEN = 0;
  private static final byte ON_THE_WAY = 1;
  private static final byte DONE = 2;

  /** A dump that is damaged in the right way could have millions. */
  private static final int MOST = 1000;

  private static final int[] NOTHING = {};

  private final TaskHeap heap;
  private final HeapDump dump;
  private final Groups holders = new Groups();
  private final Set<Integer> ofMutexes = new HashSet<>();
  private final Groups scopeTasks = new Groups();
  private final List<int[]> cycles = new ArrayList<>();

  private Deadlocks(TaskHeap heap) {
    this.heap = heap;
    this.dump = heap.dump;
  }

  /** Looks for all of them; shows calls that wait for each other and are part of no task. */
  static Deadlocks of(TaskHeap heap) throws IOException {
    Deadlocks deadlocks = new Deadlocks(heap);
    deadlocks.findHolders();
    deadlocks.findScopes();
    deadlocks.findCycles();
    for (int[] cycle : deadlocks.cycles) {
      if (Arrays.stream(cycle).allMatch(object -> heap.entries.of(object) < 0)) {
        Arrays.stream(cycle)
            .filter(object -> heap.kinds.is(object, Kinds.FRAME))
            .forEach(heap.entries::add);
      }
    }
    return deadlocks;
  }

  /** To be called when texts have been looked for. */
  List<Deadlock> describe() throws IOException {
    List<Deadlock> all = new ArrayList<>();
    for (int[] cycle : cycles) {
      all.add(describe(cycle));
    }
    return all;
  }

  // ---- who has which lock

  private void findHolders() throws IOException {
    Set<Integer> wanted = new HashSet<>();
    for (int object = 0; object < dump.size(); object++) {
      if (heap.kinds.is(object, Kinds.WANTING) && !heap.chains.isOver(object)) {
        wanted.add(dump.follow(object, Fields.PERMITS));
      }
    }
    wanted.remove(Chains.NONE);
    for (int object = 0; object < dump.size() && !wanted.isEmpty(); object++) {
      if (heap.kinds.is(object, Kinds.FRAME)
          && !heap.kinds.is(object, Kinds.SPAWN)
          && !heap.chains.hasEnded(object)) {
        for (long reference : dump.ownReferences(object)) {
          int permits = permitsOf(dump.find(reference));
          if (permits >= 0 && wanted.contains(permits)) {
            holders.add(permits, object);
            if (dump.type(dump.find(reference)).name().equals(Types.HELD)) {
              ofMutexes.add(permits);
            }
          }
        }
      }
    }
  }

  /** Of which permits something is the proof that somebody has some, and so keeps others out. */
  private int permitsOf(int held) throws IOException {
    if (held < 0) {
      return Chains.NONE;
    }
    return switch (dump.type(held).name()) {
      case Types.HELD -> {
        int mutex = dump.follow(held, Fields.HELD_MUTEX);
        yield mutex < 0 ? Chains.NONE : dump.follow(mutex, Fields.MUTEX_PERMITS);
      }
      case Types.READ_HELD -> dump.follow(held, Fields.READ_HELD_PERMITS);
      case Types.WRITE_HELD -> dump.follow(held, Fields.WRITE_HELD_PERMITS);
      default -> Chains.NONE;
    };
  }

  /** A scope's tasks, by its join. */
  private void findScopes() throws IOException {
    Map<Integer, Integer> joiningOf = new HashMap<>();
    for (int object = 0; object < dump.size(); object++) {
      if (dump.type(object).name().equals(Types.TASK_SCOPE)) {
        int joining = dump.follow(object, Fields.SCOPE_JOINING);
        if (joining >= 0 && !heap.chains.isOver(joining)) {
          joiningOf.put(dump.follow(object, Fields.SCOPE_CHILDREN), joining);
        }
      }
    }
    for (int object = 0; object < dump.size() && !joiningOf.isEmpty(); object++) {
      if (heap.kinds.is(object, Kinds.SPAWN) && !heap.chains.hasEnded(object)) {
        int waiter = dump.follow(object, Fields.WAITER);
        Integer joining =
            waiter < 0 ? null : joiningOf.get(dump.follow(waiter, Fields.CHILD_PARENT));
        if (joining != null) {
          scopeTasks.add(joining, object);
        }
      }
    }
  }

  // ---- who waits for whom

  private int[] awaited(int object) throws IOException {
    if (heap.kinds.is(object, Kinds.LINK)) {
      int next = heap.chains.next(object);
      return next < 0 || heap.chains.isOver(next) ? NOTHING : new int[] {next};
    }
    if (heap.kinds.is(object, Kinds.WANTING)) {
      int permits = dump.follow(object, Fields.PERMITS);
      int[] seen = holders.of(permits);
      // Of a mutex one has the guard and does not have the lock: who waits for a condition.
      return seen.length > 1 && ofMutexes.contains(permits) ? NOTHING : seen;
    }
    if (heap.kinds.is(object, Kinds.JOINING)) {
      return scopeTasks.of(object);
    }
    boolean all = heap.kinds.is(object, Kinds.COMBINING) && heap.waits.needsAll(object);
    return all ? heap.branches().of(object) : NOTHING;
  }

  /** Depth first, without recursion: a chain may have a million calls. */
  private void findCycles() throws IOException {
    byte[] seen = new byte[dump.size()];
    Path path = new Path();
    for (int start = 0; start < seen.length && cycles.size() < MOST; start++) {
      if (seen[start] != UNSEEN || !heap.kinds.is(start, Kinds.FRAME)) {
        continue;
      }
      seen[start] = ON_THE_WAY;
      path.push(start, awaited(start));
      while (!path.isEmpty()) {
        int next = path.nextChoice();
        if (next == Chains.NONE) {
          seen[path.pop()] = DONE;
        } else if (seen[next] == UNSEEN) {
          seen[next] = ON_THE_WAY;
          path.push(next, awaited(next));
        } else if (seen[next] == ON_THE_WAY) {
          cycles.add(path.from(next));
        }
      }
    }
  }

  /** From a start to where the search is, with what is yet to be tried at each step. */
  private static final class Path {
    private int[] objects = new int[64];
    private int[][] choices = new int[64][];
    private int[] tried = new int[64];
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    void push(int object, int[] next) {
      if (size == objects.length) {
        objects = Arrays.copyOf(objects, 2 * size);
        choices = Arrays.copyOf(choices, 2 * size);
        tried = Arrays.copyOf(tried, 2 * size);
      }
      objects[size] = object;
      choices[size] = next;
      tried[size++] = 0;
    }

    int nextChoice() {
      int top = size - 1;
      return tried[top] == choices[top].length ? Chains.NONE : choices[top][tried[top]++];
    }

    int pop() {
      return objects[--size];
    }

    int[] from(int object) {
      int at = size - 1;
      while (objects[at] != object) {
        at--;
      }
      return Arrays.copyOfRange(objects, at, size);
    }
  }

  // ---- in words

  /** Where the circle comes to one of them, and where it leaves it. */
  private record Step(int member, int first, int last) {}

  private Deadlock describe(int[] cycle) throws IOException {
    List<Step> steps = steps(cycle);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Step following = steps.get((i + 1) % steps.size());
      String next = heap.describe(following.member);
      members.add(
          new Member(
              heap.key(step.member),
              heap.describe(step.member),
              siteBefore(step.last),
              waitsFor(step.last, next, siteBefore(following.first))));
    }
    StringBuilder text = new StringBuilder("Deadlock of " + members.size());
    for (Member member : members) {
      text.append("\n  ").append(member.of).append(" waits for ").append(member.waitsFor);
      if (member.at != null) {
        text.append("\n    at await//").append(member.at);
      }
    }
    return new Deadlock(text.toString(), members);
  }

  private List<Step> steps(int[] cycle) {
    List<Step> steps = new ArrayList<>();
    int start = startOf(cycle);
    for (int i = 0; i < cycle.length; i++) {
      int object = cycle[(start + i) % cycle.length];
      int member = memberOf(object);
      int last = steps.size() - 1;
      if (last >= 0 && steps.get(last).member == member) {
        steps.set(last, new Step(member, steps.get(last).first, object));
      } else {
        steps.add(new Step(member, object, object));
      }
    }
    return steps;
  }

  /** Where the circle comes to a task from outside: by a lock, a scope, or an await of the task. */
  private int startOf(int[] cycle) {
    for (int i = 0; i < cycle.length; i++) {
      int before = cycle[(i + cycle.length - 1) % cycle.length];
      if (heap.entries.has(cycle[i]) || heap.kinds.is(before, Kinds.WANTING | Kinds.JOINING)) {
        return i;
      }
    }
    return 0;
  }

  private int memberOf(int object) {
    int entry = heap.entries.of(object);
    return entry < 0 ? object : entry;
  }

  /** The await that leads there. */
  private @Nullable Place siteBefore(int object) throws IOException {
    int call = heap.kinds.is(object, Kinds.FRAME) ? object : heap.chains.caller(object);
    for (int steps = 0; call >= 0 && steps < MOST; steps++) {
      Place place = heap.sites.of(call);
      if (place != null) {
        return place;
      }
      call = heap.chains.caller(call);
    }
    return null;
  }

  private String waitsFor(int last, String next, @Nullable Place nextAt) throws IOException {
    if (heap.kinds.is(last, Kinds.WANTING)) {
      String in = nextAt == null ? "" : " in " + nextAt;
      return heap.waits.describe(last) + ", which " + next + " has" + in;
    }
    if (heap.kinds.is(last, Kinds.JOINING)) {
      return heap.waits.describe(last) + ", of which one is " + next;
    }
    return next;
  }
}
