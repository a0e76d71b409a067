package dev.weft.frame;

import dev.weft.AsyncStackTrace;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a task, or a call that nobody awaits, stands, at one look: in what state, at which awaits,
 * and for what. It ends where another task begins, unlike an {@link AsyncStackTrace}. From any
 * thread, while the program goes on: each answer was true at some moment of the look. For Weft's
 * own.
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item));
 * Standing now = Standing.of((Frame<?>) order, true);
 * System.err.println(now.state() + " at " + now.calls());
 * }</pre>
 */
public final class Standing {
  /**
   * What it does.
   *
   * <pre>{@code
   * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item));
   * boolean over = Standing.of((Frame<?>) order, false).state() == Standing.State.ENDED;
   * }</pre>
   */
  public enum State {
    /** A thread polls it. */
    RUNNING,
    /** It could go on, and has yet to be polled. */
    QUEUED,
    /** It waits for something. */
    SUSPENDED,
    /** Nothing of it runs any more. */
    ENDED
  }

  /** So many links of one chain are looked at. A recursion can be as deep as the heap is large. */
  private static final int MOST_STEPS = 16_384;

  /** So many calls are told, as a Java stack trace has at the most. */
  private static final int MOST_CALLS = 1024;

  private static final int FEW_CALLS = 4;

  /** So often it is looked again. Guessed: each time chance would have to want it so. */
  private static final int MOST_LOOKS = 8;

  private static final List<StackTraceElement> NONE = List.of();

  private final Frame<?> outermost;
  private final boolean told;
  private List<StackTraceElement> calls = NONE;
  private State state = State.RUNNING;
  private Frame<?> innermost;
  private @Nullable StackTraceElement site;
  private @Nullable CompletableFuture<?> awaited;
  private long polls;
  private boolean isCircular;

  private Standing(Frame<?> outermost, boolean told) {
    this.outermost = outermost;
    this.told = told;
    innermost = outermost;
  }

  /**
   * Looks.
   *
   * @param withCalls whether to keep the lines of the calls
   */
  public static Standing of(Frame<?> task, boolean withCalls) {
    Standing standing = new Standing(task, withCalls);
    for (int looks = 0; !standing.look() && looks < MOST_LOOKS; looks++) {
      standing.forget();
    }
    if (standing.calls.size() > 1) {
      Collections.reverse(standing.calls);
    }
    return standing;
  }

  private void forget() {
    calls = NONE;
    polls = 0;
    site = null;
    innermost = outermost;
  }

  /** False if it went round in what was no circle any more when all of that was looked at again. */
  private boolean look() {
    Link<?> at = outermost;
    Link<?> passed = at;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      if (at == passed && steps > 0) {
        return goRound();
      }
      if ((steps & (steps - 1)) == 0) {
        passed = at; // Brent's algorithm: in a circle this comes by again
      }
      note(at);
      Object source = at.source();
      CompletableFuture<?> next = Waiter.futureIn(source);
      if (AsyncStacks.isWoken(at, source, next)) {
        state = State.QUEUED;
        return true;
      }
      if (next == null) {
        Frame<?> root = LinkedFrames.rootOf(at);
        if (root == null) {
          state = stateOf(at);
          return true;
        }
        at = root; // which waits for what this one has returned
        continue;
      }
      CompletableFuture<?> inner = Whereabouts.makerOr(next);
      if (!(inner instanceof Link<?> link) || !link.isChained()) {
        state = State.SUSPENDED;
        awaited = inner;
        return true;
      }
      at = link;
    }
    state = State.SUSPENDED;
    awaited = at;
    return true;
  }

  /** The calls await each other in a circle: each is noted once. False if they do not any more. */
  private boolean goRound() {
    forget();
    Set<Link<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Link<?> at = outermost;
    state = State.SUSPENDED;
    while (seen.add(at)) {
      note(at);
      awaited = at;
      CompletableFuture<?> next = Waiter.futureIn(at.source());
      if (next == null
          || !(Whereabouts.makerOr(next) instanceof Link<?> inner)
          || !inner.isChained()) {
        return false; // a frame has linked its caller to another one meanwhile
      }
      at = inner;
    }
    awaited = at;
    isCircular = true;
    return true;
  }

  private void note(Link<?> link) {
    if (link instanceof Frame<?> call) {
      innermost = call;
      polls += Integer.toUnsignedLong(call.polls);
      StackTraceElement line = call instanceof Spawn<?> ? null : AwaitSites.awaiting(call);
      if (line != null) {
        site = line;
        if (told) {
          if (calls.size() == 2 * MOST_CALLS) {
            calls.subList(0, MOST_CALLS).clear(); // the outermost
          }
          if (calls == NONE) {
            calls = new ArrayList<>(FEW_CALLS);
          }
          calls.add(line);
        }
      }
    }
  }

  private static State stateOf(Link<?> at) {
    if (at.hasEnded()) { // isDone() would have a relay that rests begin again
      return State.ENDED;
    }
    if (at instanceof Relay<?>) {
      return State.SUSPENDED; // for nothing: nobody awaits it
    }
    return at instanceof Spawn<?> task && task.unstartedBody() != null
        ? State.QUEUED
        : State.RUNNING;
  }

  /** What it does. */
  public State state() {
    return state;
  }

  /** The call that runs, or waits; the task itself if it has called none that was suspended. */
  public Frame<?> innermost() {
    return innermost;
  }

  /** The await of that; the same object for all calls that stand there. Null if not known. */
  public @Nullable StackTraceElement site() {
    return site;
  }

  /** The lines of its calls, the innermost first, if they were asked for. */
  public List<StackTraceElement> calls() {
    return calls.size() <= MOST_CALLS ? calls : calls.subList(0, MOST_CALLS);
  }

  /** What it waits for, if it is suspended: not one of its own calls. */
  public @Nullable CompletableFuture<?> awaited() {
    return awaited;
  }

  /** The same for people; null if it does not wait. */
  public @Nullable String waitsFor() {
    if (state != State.SUSPENDED) {
      return null;
    }
    CompletableFuture<?> seen = awaited;
    return seen == null
        ? "nothing, as nobody awaits what it has made of it"
        : isCircular
            ? "itself: its calls await each other in a circle"
            : seen instanceof Link<?> link && link.isChained()
                ? "the end of more than " + MOST_STEPS + " calls"
                : seen instanceof Spawn<?> task ? SpawnSite.name(task) : AsyncStacks.describe(seen);
  }

  /** How often it was polled, and those of its calls that are there now. */
  public long polls() {
    return polls;
  }

  /** For how many milliseconds it has been in its state, give or take what {@link Ticks} are. */
  public long millis() {
    return Ticks.millisSince(innermost.since);
  }

  /** What the innermost call waits for, if these are several. */
  public List<AsyncStackTrace> branches() {
    return awaited instanceof Combining<?> combining ? AsyncStacks.branches(combining) : List.of();
  }

  /** What a thread does, without what executors do: the innermost first. */
  public static List<StackTraceElement> stackOf(Thread thread) {
    return new JavaFrames(thread.getStackTrace(), true).program;
  }

  // ---- about who stands there

  /** How many milliseconds ago it was spawned; -1 if that is not known. */
  public static long ageMillis(Frame<?> task) {
    return task instanceof Spawn<?> spawned && !spawned.isOperation()
        ? Ticks.millisSince(spawned.spawnedAt())
        : -1;
  }

  /** For how many nanoseconds its executor has seen it run. */
  public static long busyNanos(Frame<?> task) {
    return task instanceof Spawn<?> spawned ? spawned.busyNanos() : 0;
  }

  /** Where it was spawned; null if that is not known. */
  public static @Nullable StackTraceElement spawned(Task<?> task) {
    String site = task instanceof Spawn<?> spawned ? spawned.spawnSite() : null;
    return site == null ? null : SpawnSite.element(site);
  }

  /** For people, where it comes from: where it was spawned, or the method that it is a call of. */
  public static String origin(Frame<?> task) {
    return task instanceof Spawn<?> spawned
        ? spawned.describeOrigin()
        : Whereabouts.describeCall(task);
  }

  /** The {@code AsyncLocal}s that its innermost call has, as text. */
  public Map<String, String> locals() {
    return LocalContext.describe(innermost.context);
  }

  /** The await at which a call waits, or was resumed; null if that is not known. */
  public static @Nullable StackTraceElement siteOf(Frame<?> call) {
    return call instanceof Spawn<?> ? null : AwaitSites.awaiting(call);
  }

  /** How often one call was polled. */
  public static long pollsOf(Frame<?> call) {
    return Integer.toUnsignedLong(call.polls);
  }

  /** Shows somebody a task and each of its calls that is suspended, the outermost first. */
  public static void forEachCall(Frame<?> task, Consumer<? super Frame<?>> visitor) {
    Link<?> at = task;
    Link<?> passed = task;
    for (int steps = 0; steps < MOST_STEPS && !(at == passed && steps > 0); steps++) {
      if ((steps & (steps - 1)) == 0) {
        passed = at; // see look()
      }
      if (at instanceof Frame<?> call) {
        visitor.accept(call);
      }
      CompletableFuture<?> next = Waiter.futureIn(at.source());
      if (next == null
          || !(Whereabouts.makerOr(next) instanceof Link<?> inner)
          || !inner.isChained()) {
        return;
      }
      at = inner;
    }
  }

  /** The task, or the call that nobody awaits, of which a call is a part. */
  public static Frame<?> taskAround(Frame<?> call) {
    Frame<?> outer = call.isChained() ? awaiterOf(call) : null;
    return outer == null ? call : outer;
  }

  /** True for a call that a task awaits by now, and that nobody awaited when its caller went on. */
  public static boolean isPartOfTask(Task<?> call) {
    return call instanceof Frame<?>
        && !(call instanceof Spawn<?>)
        && awaiterOf(call) instanceof Spawn<?>;
  }

  /**
   * The task, or the call that nobody awaits, that awaits one of these: itself, or by way of its
   * calls; of several the first. Null if nobody does.
   */
  public static @Nullable Frame<?> awaiterOf(Task<?> task) {
    Awaiter at = AwaitedFuture.callerOf(task);
    Frame<?> outermost = null;
    for (int steps = 0; at != null && steps < MOST_STEPS; steps++) {
      Task<?> next =
          at instanceof Pause pause ? pause.promised() : at instanceof Task<?> outer ? outer : null;
      if (next instanceof Frame<?> frame) {
        outermost = frame;
      }
      if (next == null || (next instanceof Link<?> link && !link.isChained())) {
        break;
      }
      at = AwaitedFuture.callerOf(next);
    }
    return outermost;
  }
}
