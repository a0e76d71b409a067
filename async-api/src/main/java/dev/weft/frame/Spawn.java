package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.jfr.FlightSwitch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The task that {@link AsyncExecutor#spawn} returns: a frame whose body is to call something that
 * returns a stage.
 *
 * <pre>{@code
 * Task<Void> task = executor.spawn("reader", () -> echo(socket));
 * boolean ownTask = task instanceof Spawn<?>; // a call of echo by itself would be none
 * }</pre>
 */
public class Spawn<T extends @Nullable Object> extends Frame<T> {
  private static final VarHandle LABEL;
  private static final VarHandle NUMBER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LABEL = lookup.findVarHandle(Spawn.class, "label", Object.class);
      NUMBER = lookup.findVarHandle(Spawn.class, "number", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Callable<? extends CompletionStage<T>> body;

  /** A {@link TaskLabel}, or where the task comes from: a class or a {@link SpawnSite}. */
  private volatile Object label;

  /** 0 until somebody asks. */
  @SuppressWarnings("unused") // through NUMBER
  private volatile int number;

  /** A task that has not been started, and is named after the class of its body. */
  public Spawn(AsyncExecutor executor, Callable<? extends CompletionStage<T>> body) {
    this(executor, body.getClass(), body);
  }

  /**
   * A task that has not been started.
   *
   * @param label a {@link TaskLabel}, or where the task comes from, as {@link #label(String, Class,
   *     Callable)} has it
   */
  protected Spawn(
      AsyncExecutor executor, Object label, Callable<? extends CompletionStage<T>> body) {
    super(executor);
    this.body = body;
    this.label = label;
    since = Thread.currentThread() instanceof CarrierThread ? Ticks.now() : Ticks.refresh();
    detachedAt = since; // see there
  }

  /**
   * What a task is to be known by.
   *
   * @param name what it is called; null for nothing
   * @param origin the class that it is named after, if nothing is known of where it is spawned
   * @param body what the calling thread is about to spawn
   */
  protected static Object label(@Nullable String name, Class<?> origin, Callable<?> body) {
    String site = SpawnSite.take(body);
    Object from = site != null ? site : origin;
    return name == null ? from : new TaskLabel(name, from);
  }

  @Override
  protected @Nullable Object resume() {
    Callable<? extends CompletionStage<T>> called = body;
    body = null; // what the lambda captured is garbage once the body is under way
    try {
      return called == null ? null : called.call();
    } catch (Exception error) {
      return Settled.failure(error);
    }
  }

  /** What is to be called; null from the call on. From another thread, a moment old. */
  public final @Nullable Callable<? extends CompletionStage<T>> unstartedBody() {
    return body;
  }

  // ---- who it is

  /** Its label, which is made if it has none yet. */
  protected final TaskLabel label() {
    Object before = label;
    if (before instanceof TaskLabel made) {
      return made;
    }
    TaskLabel made = new TaskLabel(null, before);
    // Not under a monitor: it may be asked for while the task fails, and anybody may hold that.
    return LABEL.compareAndSet(this, before, made) ? made : (TaskLabel) label;
  }

  @Override
  public final long id() {
    if (number == 0) {
      NUMBER.compareAndSet(this, 0, TaskNumbers.next());
    }
    return TaskNumbers.asId(number);
  }

  @Override
  public final @Nullable String name() {
    return label instanceof TaskLabel made ? made.name() : null;
  }

  private Object origin() {
    Object seen = label;
    return seen instanceof TaskLabel made ? made.origin() : seen;
  }

  /** Where it was spawned, as {@link SpawnSite#mark} has it; null if that is not known. */
  public final @Nullable String spawnSite() {
    return origin() instanceof String site ? site : null;
  }

  /** The class whose code it is. */
  final String codeName() {
    return TaskLabel.codeName(origin());
  }

  /** For people: the name that it was given, and where it comes from. */
  public final String describe() {
    Object seen = label;
    return seen instanceof TaskLabel made ? made.describe() : TaskLabel.describe(seen);
  }

  /** For people: where it comes from. */
  public final String describeOrigin() {
    return TaskLabel.describe(origin());
  }

  /** When it was spawned, in {@link Ticks}; of an operation, nobody knows. */
  final int spawnedAt() {
    return detachedAt;
  }

  /** It was seen to run for so many nanoseconds. By the monitor of its executor. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public final void addBusy(long nanos) {
    label().busyNanos += nanos;
  }

  /** For how many nanoseconds it was seen to run so far. */
  final long busyNanos() {
    return label instanceof TaskLabel made ? made.busyNanos : 0;
  }

  /**
   * Tells the Flight Recorder that this task was spawned. Called by its executor, if there is a
   * recording, when it has accepted the task and not queued it yet.
   */
  public final void recordSpawn() {
    FrameEvents.spawned(this);
  }

  /** Its executor waits for its end. */
  @Override
  boolean isLinkable() {
    return false;
  }

  /** True if it stands for one operation of who awaits it, and so has no life of its own. */
  protected final boolean isOperation() {
    return (flags & OPERATION) != 0;
  }

  /** Makes it one. Before it is started. */
  protected final void becomeOperation() {
    flags |= OPERATION;
  }

  @Override
  final boolean isChained() {
    return isOperation();
  }

  @Override
  protected void onEnd() {
    body = null; // if it was never called
    if (FlightSwitch.isOn()) {
      FrameEvents.ended(this);
    }
  }
}
