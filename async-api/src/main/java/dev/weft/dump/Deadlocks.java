package dev.weft.dump;

import static java.util.Comparator.comparing;

import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Frame;
import dev.weft.frame.Spawn;
import dev.weft.frame.Standing;
import dev.weft.frame.WaitsFor;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds circles of waits. The graph is that of {@link WaitsFor}: a call waits for the call, or the
 * task, that it awaits; one that waits for a lock, for each call that has the lock's guard among
 * its {@link SavedLocals}, if that is suspended. Each can go on only after all that it waits for,
 * so a circle is a deadlock.
 *
 * <p>The program goes on meanwhile, and what was seen one after the other may never have been true
 * at once. So a circle is looked at twice, and counts only if each of its calls is where it was and
 * was not polled since: a call that waits for what was there all that time was waiting all the
 * time.
 *
 * <p>What is not found: a lock whose guard is kept elsewhere than in a local of a suspended call
 * (in a field, or in a class that is not open to us), permits of a semaphore, as others may give
 * some back, and futures that only code could complete which waits itself: nobody can know that.
 *
 * <p>Takes memory for the locks that somebody waits for, and for the tasks that wait for tasks or
 * locks up to a limit; not for those that wait for anything else.
 */
final class Deadlocks {
  /** So long is a way followed. A longer chain of tasks that await each other is passed over. */
  private static final int MOST_STEPS = 10_000;

  /** So many calls are remembered from which no circle can be reached. Guessed: some MB. */
  private static final int MOST_KNOWN = 100_000;

  /** So many locks are looked for. Guessed. */
  private static final int MOST_GUARDS = 10_000;

  /** So many are reported; who has more has the same one often. */
  private static final int MOST_FOUND = 100;

  private final List<LiveWork> works;

  /** True if anybody waits for a task, or for a lock. */
  private boolean leadsOn;

  private final Set<Object> guards = identitySet();

  /** The calls that have each guard. */
  private final IdentityHashMap<Object, Set<Frame<?>>> holders = new IdentityHashMap<>();

  /** By class of frames, the variables that can hold a guard. For the time of one search. */
  private final IdentityHashMap<Class<?>, Field[]> lockFields = new IdentityHashMap<>();

  private final Set<Frame<?>> harmless = identitySet();
  private final Set<Frame<?>> reported = identitySet();
  private final List<Deadlock> found = new ArrayList<>();

  private Deadlocks(List<LiveWork> works) {
    this.works = works;
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  static List<Deadlock> find(List<LiveWork> works) {
    Deadlocks deadlocks = new Deadlocks(works);
    deadlocks.forEach(deadlocks::noteGuards);
    if (!deadlocks.leadsOn) {
      return List.of();
    }
    if (!deadlocks.guards.isEmpty()) {
      deadlocks.forEach(deadlocks::noteHolders);
    }
    deadlocks.forEach(deadlocks::follow);
    return deadlocks.found;
  }

  private void forEach(Consumer<Frame<?>> action) {
    for (LiveWork work : works) {
      work.forEach(
          task -> {
            if (task instanceof Frame<?> frame) {
              action.accept(frame);
            }
          });
    }
  }

  // ---- who has what

  private void noteGuards(Frame<?> outermost) {
    if (waitsForNobody(outermost)) {
      return;
    }
    leadsOn = true;
    forEachWaiting(
        outermost,
        awaited -> {
          if (guards.size() < MOST_GUARDS && !(awaited instanceof Frame<?>)) {
            guards.addAll(WaitsFor.guards(awaited));
          }
        });
  }

  private static boolean waitsForNobody(Frame<?> outermost) {
    CompletableFuture<?> awaited = Standing.of(outermost, false).awaited();
    return awaited == null || !WaitsFor.leadsOn(awaited);
  }

  private void noteHolders(Frame<?> outermost) {
    if (waitsForNobody(outermost)) {
      Standing.forEachCall(outermost, this::noteHeld);
    } else {
      forEachWaiting(
          outermost,
          awaited -> {
            if (awaited instanceof Frame<?> call) {
              noteHeld(call);
            }
          });
    }
  }

  private void noteHeld(Frame<?> call) {
    Field[] fields = lockFields.get(call.getClass());
    if (fields == null) {
      fields = SavedLocals.fields(call.getClass(), guardTypes());
      lockFields.put(call.getClass(), fields);
    }
    if (fields.length == 0) {
      return;
    }
    List<Object> held = new ArrayList<>(0);
    SavedLocals.add(call, fields, guards, held);
    for (Object guard : held) {
      holders.computeIfAbsent(guard, any -> identitySet()).add(call);
    }
  }

  private Set<Class<?>> guardTypes() {
    return guards.stream().map(Object::getClass).collect(Collectors.toSet());
  }

  /** A task, its calls also where it awaits several, and what these wait for that is no call. */
  private static void forEachWaiting(Frame<?> outermost, Consumer<Object> visitor) {
    Set<Frame<?>> seen = identitySet();
    Deque<Frame<?>> open = new ArrayDeque<>();
    seen.add(outermost);
    open.push(outermost);
    while (!open.isEmpty() && seen.size() < MOST_STEPS) {
      Frame<?> at = open.pop();
      visitor.accept(at);
      for (Object awaited : WaitsFor.of(at)) {
        if (!(awaited instanceof Frame<?> call)) {
          visitor.accept(awaited);
        } else if (!(call instanceof Spawn<?>) && seen.add(call)) {
          open.push(call);
        }
      }
    }
  }

  /** What a call waits for, as calls. */
  private List<Edge> edges(Frame<?> from) {
    List<Edge> edges = new ArrayList<>(1);
    for (Object awaited : WaitsFor.of(from)) {
      if (awaited instanceof Frame<?> call) {
        edges.add(new Edge(from, awaited, call));
      } else {
        List<Object> wanted = WaitsFor.guards(awaited);
        for (Object guard : wanted) {
          Set<Frame<?>> seen = holders.getOrDefault(guard, Set.of());
          // Of a mutex one has the guard and does not have the lock: who waits for a condition.
          if (wanted.size() > 1 || seen.size() == 1) {
            seen.forEach(holder -> edges.add(new Edge(from, awaited, holder)));
          }
        }
      }
    }
    return edges;
  }

  /**
   * A wait.
   *
   * @param from who waits
   * @param awaited for what
   * @param to whose end, or next step, that is
   */
  private record Edge(Frame<?> from, Object awaited, Frame<?> to) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Edge edge
          && edge.from == from
          && edge.awaited == awaited
          && edge.to == to;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(awaited);
    }
  }

  // ---- the way

  /** Depth first, from a task to all that it waits for. Not by recursion: ways are long. */
  private void follow(Frame<?> start) {
    if (found.size() >= MOST_FOUND || harmless.contains(start)) {
      return;
    }
    if (waitsForNobody(start)) {
      return; // nearly all
    }
    List<Edge> path = new ArrayList<>();
    List<List<Edge>> open = new ArrayList<>();
    Set<Frame<?>> onPath = identitySet();
    onPath.add(start);
    open.add(edges(start));
    for (int steps = 0; !open.isEmpty() && steps < MOST_STEPS; steps++) {
      List<Edge> choices = open.get(open.size() - 1);
      if (choices.isEmpty()) {
        open.remove(open.size() - 1);
        Frame<?> over = path.isEmpty() ? start : path.remove(path.size() - 1).to;
        onPath.remove(over);
        know(over);
        continue;
      }
      Edge edge = choices.remove(choices.size() - 1);
      if (onPath.contains(edge.to)) {
        path.add(edge);
        report(circle(path, edge.to));
        return;
      }
      if (!harmless.contains(edge.to)) {
        path.add(edge);
        onPath.add(edge.to);
        open.add(edges(edge.to));
      }
    }
    onPath.forEach(this::know); // nothing, if all was looked at; else it is too far to look again
  }

  private void know(Frame<?> call) {
    // Of calls there are many, and each is asked for once; tasks are what several wait for.
    if (call instanceof Spawn<?> && harmless.size() < MOST_KNOWN) {
      harmless.add(call);
    }
  }

  private static List<Edge> circle(List<Edge> path, Frame<?> from) {
    int begin = path.size() - 1;
    while (path.get(begin).from != from) {
      begin--;
    }
    return path.subList(begin, path.size());
  }

  // ---- what was found

  private void report(List<Edge> circle) {
    if (circle.stream().anyMatch(edge -> reported.contains(edge.from)) || !isStill(circle)) {
      return;
    }
    circle.forEach(edge -> reported.add(edge.from));
    found.add(new Deadlock(members(circle)));
  }

  /** True if all of it is there a second time, and nobody was polled in between. */
  private boolean isStill(List<Edge> circle) {
    long[] polls = new long[circle.size()];
    for (int i = 0; i < polls.length; i++) {
      polls[i] = Standing.pollsOf(circle.get(i).from);
    }
    VarHandle.acquireFence(); // the second look comes after the first count, and before the second
    for (Edge edge : circle) {
      if (!edges(edge.from).contains(edge) || !holds(edge)) {
        return false;
      }
    }
    VarHandle.acquireFence();
    for (int i = 0; i < polls.length; i++) {
      if (polls[i] != Standing.pollsOf(circle.get(i).from)) {
        return false;
      }
    }
    return true;
  }

  /** True for a wait for a call, and for one for a lock whose guard that call has saved still. */
  private static boolean holds(Edge edge) {
    List<Object> wanted = WaitsFor.guards(edge.awaited);
    if (wanted.isEmpty()) {
      return true;
    }
    Set<Object> guards = identitySet();
    guards.addAll(wanted);
    List<Object> held = new ArrayList<>(1);
    SavedLocals.add(edge.to, guards, held);
    return !held.isEmpty();
  }

  /**
   * One for each task on the way, or, where there is none, for each call: what a task waits for is
   * the way from its first call on the circle to where that leaves the task.
   */
  private static List<Deadlock.Member> members(List<Edge> circle) {
    List<Deadlock.Member> members = new ArrayList<>();
    List<Edge> leaving = new ArrayList<>();
    for (Edge edge : circle) {
      if (edge.to instanceof Spawn<?> || edge.to != edge.awaited) {
        leaving.add(edge);
      }
    }
    for (Edge edge : leaving.isEmpty() ? circle : leaving) {
      Frame<?> whose = leaving.isEmpty() ? edge.from : Standing.taskAround(edge.from);
      String awaited = WaitsFor.describe(edge.awaited);
      members.add(
          new Deadlock.Member(
              TaskEntry.keyOf(whose),
              WaitsFor.describe(whose),
              Standing.siteOf(edge.from),
              edge.to == edge.awaited ? awaited : awaited + held(edge)));
    }
    // The same one first each time, so that one who sees it again knows it.
    int first = members.indexOf(Collections.min(members, comparing(Deadlock.Member::key)));
    Collections.rotate(members, -first);
    return members;
  }

  private static String held(Edge edge) {
    StackTraceElement at = Standing.siteOf(edge.to);
    return ", which "
        + WaitsFor.describe(Standing.taskAround(edge.to))
        + " has"
        + (at == null ? "" : " in " + withoutMark(at));
  }

  /** {@code shop.Shop.buy(Shop.java:31)}. */
  static String withoutMark(StackTraceElement at) {
    return new StackTraceElement(
            at.getClassName(), at.getMethodName(), at.getFileName(), at.getLineNumber())
        .toString();
  }
}
