package dev.weft.frame;

import dev.weft.AsyncStackTrace;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes an {@link AsyncStackTrace}: from any thread, while the program goes on. It follows what
 * each call waits for, and reads what the calls' owners write, as cancellers do; see {@link Link}.
 */
final class AsyncStacks {
  /** So many calls of one chain at the most, as many as a Java stack trace has. */
  private static final int MOST = 1024;

  /** So many branches of one call at the most, and so deep: a report is to be read. */
  private static final int MOST_BRANCHES = 16;

  /** And so many in all. */
  private static final int MOST_IN_ALL = 64;

  /** What was passed on the way in: a task that is there again waits for itself. */
  private final Set<Object> passed = Collections.newSetFromMap(new IdentityHashMap<>());

  private final List<StackTraceElement> calls = new ArrayList<>();
  private final List<AsyncStackTrace> branches = new ArrayList<>();

  /** How many branches there are in all; the same for a trace and its branches. */
  private final int[] inAll;

  private String state = "";

  private AsyncStacks(int[] inAll) {
    this.inAll = inAll;
  }

  static AsyncStackTrace of(Task<?> task) {
    List<StackTraceElement> outwards = new ArrayList<>();
    addAwaiters(task, outwards);
    return new AsyncStacks(new int[1]).take(task, outwards);
  }

  private AsyncStackTrace take(CompletableFuture<?> of, List<StackTraceElement> outwards) {
    follow(of);
    Collections.reverse(calls);
    return new AsyncStackTrace(nameOf(of), state, calls, branches, outwards);
  }

  private static String nameOf(CompletableFuture<?> future) {
    return future instanceof Spawn<?> task
        ? SpawnSite.name(task)
        : future instanceof Frame<?> call ? Whereabouts.describeCall(call) : describe(future);
  }

  // ---- inwards

  private void follow(CompletableFuture<?> from) {
    CompletableFuture<?> at = from;
    boolean first = true;
    while (calls.size() < MOST) {
      at = Whereabouts.makerOr(at);
      if (!passed.add(at)) {
        state = "waits for itself: " + nameOf(at) + " is on the way, and so it never ends";
        return;
      }
      if (!(at instanceof Link<?> link)) {
        leaf(at, first);
        return;
      }
      add(link);
      Object source = link.source();
      CompletableFuture<?> next = Waiter.futureIn(source);
      if (next == null) {
        state = standing(link);
        return;
      }
      if (isOver(source, next)) {
        state = "is about to go on";
        return;
      }
      at = next;
      first = false;
    }
    state = "waits, at the end of more than " + MOST + " calls";
  }

  /** True if what a link waits for has come, and it is about to go on. */
  static boolean isOver(@Nullable Object source, CompletableFuture<?> next) {
    try {
      return source instanceof Waiter ? next.isDone() : Cancellation.isOver(next);
    } catch (Throwable unusual) { // of a class of the program's own
      return false;
    }
  }

  private void add(Link<?> link) {
    if (link instanceof Spawn<?> task) {
      calls.add(SpawnSite.element(task));
    } else if (link instanceof Frame<?> call) {
      StackTraceElement site = AwaitSites.awaiting(call);
      if (site != null) {
        calls.add(site);
      }
    }
  }

  private static String standing(Link<?> link) {
    if (link.hasEnded()) { // isDone() would have a relay that rests begin again
      return "has ended";
    }
    if (link instanceof Relay<?>) {
      return "waits for nothing, as nobody awaits it";
    }
    return link instanceof Spawn<?> task && task.unstartedBody() != null
        ? "is queued, and has not begun"
        : "runs";
  }

  private void leaf(CompletableFuture<?> leaf, boolean first) {
    if (leaf instanceof Combining<?> combining) {
      addBranches(combining);
      return;
    }
    if (first) {
      state = isOver(leaf, leaf) ? "is complete" : "is not complete";
      return;
    }
    state = "waits for " + describe(leaf);
  }

  /** Each of those for which somebody waits at the same time. */
  static List<AsyncStackTrace> branches(Combining<?> combining) {
    AsyncStacks stacks = new AsyncStacks(new int[1]);
    stacks.follow(combining);
    return stacks.branches;
  }

  private void addBranches(Combining<?> combining) {
    state = "waits for " + combining.describeWait();
    for (CompletableFuture<?> stage : combining.stages(true)) {
      if (branches.size() == MOST_BRANCHES || inAll[0] == MOST_IN_ALL) {
        state += ", of which some are not shown";
        break;
      }
      inAll[0]++;
      AsyncStacks inner = new AsyncStacks(inAll);
      inner.passed.addAll(passed);
      branches.add(inner.take(stage, List.of()));
    }
  }

  /** What somebody waits for, in words. */
  static String describe(CompletableFuture<?> future) {
    try {
      return future instanceof AwaitedFuture<?> task
          ? task.describeWait()
          : Whereabouts.describe(future);
    } catch (Throwable unusual) { // of a task of the program's own
      return "a " + future.getClass().getName();
    }
  }

  // ---- outwards

  /** Several may wait: the first of them, which has waited longest. */
  private static void addAwaiters(Task<?> task, List<StackTraceElement> to) {
    Task<?> at = task;
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    while (to.size() < MOST && seen.add(at)) {
      Awaiter awaiter = AwaitedFuture.callerOf(at);
      Task<?> outer =
          awaiter instanceof Pause pause
              ? pause.promised()
              : awaiter instanceof Task<?> awaiting ? awaiting : null;
      if (outer == null) {
        return;
      }
      if (outer instanceof Spawn<?> spawned) {
        to.add(SpawnSite.element(spawned));
      } else if (outer instanceof Frame<?> call) {
        StackTraceElement site = AwaitSites.awaiting(call);
        if (site != null) {
          to.add(site);
        }
      }
      at = outer;
    }
  }
}
