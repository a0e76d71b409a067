package dev.weft.dump;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import dev.weft.Task;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Frame;
import dev.weft.frame.Spawn;
import dev.weft.frame.SpawnSite;
import dev.weft.frame.Standing;
import dev.weft.scheduler.blocking.InterruptibleCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One task, or one call of an async method that nobody awaits, as {@link TaskDump#forEach} finds
 * it.
 *
 * <pre>{@code
 * Map<StackTraceElement, Integer> waiting = new HashMap<>();
 * TaskDump.ofAll().forEach(entry -> {
 *   if (entry.state() == TaskState.SUSPENDED && entry.site() != null) {
 *     waiting.merge(entry.site(), 1, Integer::sum); // how many wait at each await
 *   }
 * });
 * }</pre>
 *
 * <p>State, calls and what it waits for are of one look, taken when the first of them is asked for;
 * the rest is of when it is asked for. It holds the task, and with it what that holds: not to be
 * kept. For one thread at a time.
 */
public final class TaskEntry {
  private static final int HEX = 16;
  private static final int MOST_NAME = 200;

  private final LiveWork work;
  private final Task<?> task;
  private @Nullable Standing standing;
  private @Nullable TaskState state;
  private @Nullable Thread thread;

  TaskEntry(LiveWork work, Task<?> task) {
    this.work = work;
    this.task = task;
  }

  private @Nullable Standing standing() {
    if (standing == null && task instanceof Frame<?> frame) {
      standing = Standing.of(frame, true);
    }
    return standing;
  }

  // ---- who it is

  /** Whose it is. */
  public AsyncExecutor executor() {
    return work.executor();
  }

  /** What that is called. */
  public String executorName() {
    return work.name();
  }

  /**
   * Names it within this JVM for as long as it lives: {@code t7} is task 7, {@code c1f} a call. The
   * number of a call is its identity hash: of 100,000 calls, two or so pairs share one.
   */
  public String key() {
    return keyOf(task);
  }

  static String keyOf(Task<?> task) {
    return isCall(task) ? "c" + hash(task) : "t" + task.id();
  }

  private static String hash(Task<?> call) {
    return Integer.toString(System.identityHashCode(call), HEX);
  }

  private static boolean isCall(Task<?> task) {
    return task instanceof Frame<?> && !(task instanceof Spawn<?>);
  }

  /**
   * True for a call of an async method that is part of no task, as nobody awaits it: called and
   * dropped, kept to be awaited later, or called outside any executor.
   */
  public boolean isCall() {
    return isCall(task);
  }

  /** {@link Task#id}; 0 for a call. */
  public long id() {
    return isCall() ? 0 : task.id();
  }

  /** The name that it was given; null for none. */
  public @Nullable String name() {
    String name = task.name();
    return name == null || name.length() <= MOST_NAME ? name : name.substring(0, MOST_NAME) + "..";
  }

  /** For people: where it was spawned, or the class whose code it is; of a call, the method. */
  public String origin() {
    return task instanceof Frame<?> frame
        ? Standing.origin(frame)
        : task instanceof InterruptibleCall<?> call
            ? "a blocking call of " + call.describe()
            : task.getClass().getName();
  }

  /** Where it was spawned; null if that is not known. */
  public @Nullable StackTraceElement spawned() {
    return Standing.spawned(task);
  }

  // ---- what it does

  /** What it does. */
  public TaskState state() {
    if (state == null) {
      state = stateNow();
    }
    return state;
  }

  /** Has the look that it is of taken now. */
  TaskEntry look() {
    state();
    return this;
  }

  private TaskState stateNow() {
    Standing now = standing();
    if (now == null) {
      return task.isFinished()
          ? TaskState.ENDED
          : thread() != null ? TaskState.RUNNING : TaskState.QUEUED;
    }
    TaskState seen = TaskState.of(now.state());
    if (seen == TaskState.RUNNING || seen == TaskState.QUEUED) {
      thread = Polled.threadOf((Frame<?>) task);
    }
    return seen == TaskState.QUEUED && thread != null ? TaskState.RUNNING : seen;
  }

  /** The thread that runs it; null if none does, or nobody knows which. */
  public @Nullable Thread thread() {
    if (task instanceof InterruptibleCall<?> call) {
      return call.threadNow();
    }
    state();
    return thread;
  }

  /** Of one that runs, the Java stack, the innermost first, without what executors do. */
  public List<StackTraceElement> javaStack() {
    Thread running = state() == TaskState.RUNNING ? thread() : null;
    if (running == null) {
      return List.of();
    }
    if (task instanceof Frame<?> frame) {
      return Polled.stackOf(frame, running);
    }
    List<StackTraceElement> stack = Standing.stackOf(running);
    return thread() == running ? stack : List.of();
  }

  /**
   * The await at which its innermost call waits, or was resumed; null if that is not known, or
   * there is none. All that stand there have the same object.
   */
  public @Nullable StackTraceElement site() {
    Standing now = standing();
    return now == null ? null : now.site();
  }

  /** For people, what that waits for; null unless it is suspended. */
  public @Nullable String waitsFor() {
    Standing now = standing();
    return now == null || state() != TaskState.SUSPENDED ? null : now.waitsFor();
  }

  /** Its calls, the innermost first, each at the line at which it awaits the one before. */
  public List<StackTraceElement> calls() {
    return List.copyOf(lines());
  }

  /** The same, not copied: a report asks for a million of them. */
  List<StackTraceElement> lines() {
    Standing now = standing();
    return now == null ? List.of() : now.calls();
  }

  /** If the innermost call waits for several, each of them. */
  public List<AsyncStackTrace> branches() {
    Standing now = standing();
    return now == null || state() != TaskState.SUSPENDED ? List.of() : now.branches();
  }

  /** The key of the task that it waits for; null if it waits for none, or something else. */
  public @Nullable String awaits() {
    Standing now = standing();
    return now != null
            && state() == TaskState.SUSPENDED
            && now.awaited() instanceof Task<?> other
            && (other instanceof Spawn<?> || other instanceof InterruptibleCall<?>)
        ? keyOf(other)
        : null;
  }

  /** The key of the task, or the call, that waits for it; of several the first. */
  public @Nullable String awaitedBy() {
    Task<?> outer = Standing.awaiterOf(task);
    return outer == null ? null : keyOf(outer);
  }

  /** The key of the task in whose scope it was forked; null if it was in none. */
  public @Nullable String scope() {
    Task<?> parent = task.parent();
    return parent == null ? null : keyOf(parent);
  }

  // ---- figures

  /** How long ago it was spawned; give or take 100 ms. Empty for what was not spawned. */
  public Optional<Duration> age() {
    return millis(ageMillis());
  }

  private static Optional<Duration> millis(long millis) {
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /** -1 for none. */
  long ageMillis() {
    return task instanceof Frame<?> frame ? Standing.ageMillis(frame) : -1;
  }

  /**
   * For how long it has been in its state; give or take 100 ms. One that runs since it was polled.
   * Empty for a blocking call.
   */
  public Optional<Duration> inState() {
    return millis(stateMillis());
  }

  /** -1 for none. */
  long stateMillis() {
    Standing now = standing();
    return now == null ? -1 : now.millis();
  }

  /** How often it, and those of its calls that are there now, were polled. */
  public long polls() {
    Standing now = standing();
    return now == null ? 0 : now.polls();
  }

  /**
   * For how long it has kept threads, with its calls: an estimate from samples, which the monitor
   * of slow polls takes, ten in each threshold ({@code slowPollThreshold}). Empty for one whose
   * executor has none, and for what is no task.
   */
  public Optional<Duration> busy() {
    long nanos = busyNanos();
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }

  private long busyNanos() {
    return work.samplesPolls() && task instanceof Spawn<?> spawned
        ? Standing.busyNanos(spawned)
        : -1;
  }

  /** -1 for none. */
  long busyMillis() {
    long nanos = busyNanos();
    return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /** The {@code AsyncLocal}s that its innermost call has, by name, as text. */
  public Map<String, String> locals() {
    Standing now = standing();
    return now == null ? Map.of() : now.locals();
  }

  /** Where it stands, both ways, and across tasks. */
  public AsyncStackTrace stack() {
    return task.asyncStackTrace();
  }

  Task<?> task() {
    return task;
  }

  /** {@code t7 "order" suspended}. */
  @Override
  public String toString() {
    return appendTo(new StringBuilder()).toString();
  }

  StringBuilder appendTo(StringBuilder text) {
    if (isCall()) {
      text.append('c').append(hash(task));
    } else {
      text.append('t').append(task.id());
    }
    String name = name();
    if (name != null) {
      text.append(" \"").append(SpawnSite.oneLine(name)).append('"');
    }
    return text.append(' ').append(state().word());
  }
}
