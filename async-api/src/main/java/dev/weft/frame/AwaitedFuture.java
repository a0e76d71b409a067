package dev.weft.frame;

import dev.weft.AsyncStackTrace;
import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.weft.Task} is for those who await it: who they are, and whose the value is. For
 * Weft's own, but for {@link #stop}, {@link #onAbandoned}, {@link #onClaimed} and {@link
 * #onUnclaimed}, which a task overrides that an operation of your own stands behind. Extended by
 * {@code Task} and by nothing else. It stands here and not there so that the classes of this
 * package reach what applications need not see.
 *
 * <h2>Who touches the waiter slot</h2>
 *
 * <pre>
 *   null   -&gt; one     the thread of who awaits, in register (compare-and-set)
 *   one    -&gt; several a second one comes (compare-and-set); stays several from then on
 *   one    -&gt; null    whoever withdraws the one, and owns its wake-up (compare-and-set)
 *   any    -&gt; null    the thread that finishes the task, which then wakes who was there
 * </pre>
 *
 * Whoever takes an awaiter out of the slot wakes it, so it is woken exactly once. The finishing
 * thread publishes the end and then reads the slot; the registering thread writes the slot and then
 * reads the end. All four accesses are volatile, hence totally ordered: at least one of the two
 * sees the other, and no wake-up is lost.
 *
 * <p>An operation of your own says how it ends early, and takes back what nobody gets:
 *
 * <pre>{@code
 * final class Receiving extends Task<ByteBuf> {
 *   protected boolean stop() {
 *     return cancel(false) || isDone(); // at once; or, if the buffer came first, with that
 *   }
 *
 *   protected void onAbandoned() {
 *     if (!cancel(false) && !isCompletedExceptionally()) {
 *       join().release(); // it has come, and reaches nobody
 *     }
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the result
 */
public abstract class AwaitedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private static final VarHandle WAITER;

  static {
    try {
      WAITER = MethodHandles.lookup().findVarHandle(AwaitedFuture.class, "waiter", Awaiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through WAITER
  private volatile @Nullable Awaiter waiter;

  /** For {@code Task}. */
  protected AwaitedFuture() {}

  /** True if there is an outcome and nothing of the body behind it runs any more. */
  public abstract boolean isFinished();

  // ---- who awaits it

  /**
   * Has an awaiter woken when the task is finished. Once this has answered true it may already be
   * running on another thread.
   *
   * @return false if the task is finished; the awaiter is not registered then
   */
  protected static boolean register(AwaitedFuture<?> task, Awaiter awaiter) {
    Awaiter there = task.waiter;
    while (true) {
      if (there == null) {
        if (WAITER.compareAndSet(task, null, awaiter)) {
          break;
        }
      } else if (there instanceof Awaiters several) {
        if (several.add(awaiter)) {
          break;
        }
        return false; // they have been woken
      } else if (WAITER.compareAndSet(task, there, new Awaiters(there, awaiter))) {
        break;
      }
      there = task.waiter;
    }
    return !(task.isFinished() && withdraw(task, awaiter));
  }

  /**
   * Takes an awaiter out of the waiter slot of a task.
   *
   * @return true if it stood there, and the caller now owes it a wake-up
   */
  protected static boolean withdraw(AwaitedFuture<?> task, Awaiter awaiter) {
    while (true) {
      Awaiter there = task.waiter;
      if (there instanceof Awaiters several) {
        return several.remove(awaiter);
      }
      if (there != awaiter) {
        return false;
      }
      if (WAITER.compareAndSet(task, awaiter, null)) {
        return true;
      }
    }
  }

  /** True if an awaiter stands in the waiter slot of a task. */
  protected static boolean isAwaitedBy(AwaitedFuture<?> task, Awaiter awaiter) {
    Awaiter there = task.waiter;
    return there == awaiter || (there instanceof Awaiters several && several.contains(awaiter));
  }

  /** Who awaits a task, as of now: the only one, or the first of several. */
  protected static @Nullable Awaiter waiterOf(AwaitedFuture<?> task) {
    Awaiter there = task.waiter;
    return there instanceof Awaiters several ? several.first() : there;
  }

  /** The first call that awaits a task, or what stands before one; not who keeps account of it. */
  static @Nullable Awaiter callerOf(AwaitedFuture<?> task) {
    Awaiter there = task.waiter;
    return there instanceof Awaiters several ? several.firstCall() : there;
  }

  /** Who awaits a task, as of now, if it is one alone. */
  static @Nullable Awaiter soleWaiterOf(AwaitedFuture<?> task) {
    Awaiter there = task.waiter;
    if (there instanceof Awaiters several) {
      Awaiter first = several.first();
      return first != null && several.isOnly(first) ? first : null;
    }
    return there;
  }

  /** True if nobody else awaits a task, and nothing hangs on it. */
  protected static boolean isAwaitedOnlyBy(AwaitedFuture<?> task, Awaiter awaiter) {
    Awaiter there = task.waiter;
    boolean only = there instanceof Awaiters several ? several.isOnly(awaiter) : there == awaiter;
    return only && hasNoDependents(task);
  }

  /** True if nothing hangs on a task but what bounds its time. */
  protected static boolean hasNoDependents(AwaitedFuture<?> task) {
    int dependents = task.getNumberOfDependents();
    return dependents == 0 || dependents == TimeBounds.dependentsOf(task);
  }

  /**
   * Bounds the time of this task: what that hangs on it counts as nobody who waits for it.
   *
   * @param call that of the JDK's method; what it throws is thrown, and nothing is bounded then
   */
  protected final void boundTime(Runnable call) {
    TimeBounds.bound(this, call);
  }

  /** Wakes those who await this task. To be called when it has become finished. */
  protected final void wakeAwaiters() {
    if (waiter != null) {
      Awaiter there = (Awaiter) WAITER.getAndSet(this, null);
      if (there != null) {
        there.wake();
      }
    }
  }

  /** Called when somebody has given the task an outcome: wakes who awaits it if it is finished. */
  protected void wakeIfFinished() {
    if (waiter != null && isFinished()) {
      wakeAwaiters();
    }
  }

  /** True if nobody would hear of a failure now. Before there is an outcome: that drops them. */
  protected final boolean isUnheard() {
    Awaiter there = waiter;
    return (there == null || !there.hearsFailure()) && getNumberOfDependents() == 0;
  }

  /** The task in whose scope this one was forked, for as long as it runs. */
  protected final @Nullable Task<?> parentByScope() {
    Awaiter there = waiter;
    return there == null
        ? null
        : there.scopeParent(); // not parent(): a call that awaits it has one of its own
  }

  /**
   * The call that makes what this task stands for, where that is not this itself: the body of a
   * generator, behind the task for its next element. For {@link Whereabouts}; null by default.
   */
  protected @Nullable Frame<?> maker() {
    return null;
  }

  /** See {@link Task#asyncStackTrace()}. */
  protected static AsyncStackTrace stackOf(Task<?> task) {
    return AsyncStacks.of(task);
  }

  /**
   * What this task stands for, in words, for who asks what a call waits for: {@code a read from
   * /127.0.0.1:5000}. From any thread; must not block, throw or change anything. By default it is
   * made of the name of the class.
   */
  protected String describeWait() {
    return Whereabouts.describe(this);
  }

  /**
   * What, as long as somebody has it, keeps this task from ending: the guards of a lock. For who
   * looks for deadlocks; none by default. From any thread; must not block, throw or change
   * anything.
   */
  protected List<Object> guards() {
    return List.of();
  }

  // ---- an operation that is awaited

  /** Asks a task to {@link #stop}, for the one who awaits it, or did so a moment ago. */
  protected static boolean askToStop(AwaitedFuture<?> task, Awaiter awaiter) {
    return task.stopFor(awaiter);
  }

  /**
   * {@link #stop}, because this awaiter was cancelled. A task that is one object for many uses does
   * nothing if it is not this one any more who awaits it: its canceller may be late, and the use
   * another's.
   *
   * @return as {@code stop} does; false as well if it is not this one
   */
  protected boolean stopFor(Awaiter awaiter) {
    return stop();
  }

  /**
   * Asks an operation to end early, because the only method that awaits it was cancelled. Called on
   * the canceller's thread, more than once perhaps. An operation that overrides this sees to it
   * that it finishes soon: with a failure, whatever it is (the method gets a {@link
   * dev.weft.TaskCancelledException} in its place), or with its value if it has one by then, which
   * the method gets.
   *
   * @return true if the operation will finish by itself, and the method is to wait for that; false,
   *     as by default, if nothing is known of what stands behind the task: the method goes on
   *     without it. Must not throw
   */
  protected boolean stop() {
    return false;
  }

  /** Tells a task that its outcome reaches nobody. Called by what was to take it. */
  protected static void abandon(AwaitedFuture<?> task) {
    task.onAbandoned();
  }

  /**
   * Called when nobody will look at this task's outcome, whether there is one yet or not: the
   * method that awaited it let go of it or was halted with its executor, or ended with it after its
   * own task had got another outcome. A task whose result would be lost (a buffer, a socket) takes
   * it back here. Must not throw; does nothing by default.
   */
  protected void onAbandoned() {}

  /** Says that somebody is about to have a task's value; false if it was given back before. */
  protected static boolean claim(AwaitedFuture<?> task) {
    return task.onClaimed();
  }

  /** Says that it came to nothing: who claimed the value could not pass it on. */
  protected static void unclaim(AwaitedFuture<?> task) {
    task.onUnclaimed();
  }

  /**
   * Called when a method or a stage is about to have this task's value. A task which gives its
   * value back when that reaches nobody counts here who has it. Must not throw.
   *
   * @return false if it was given back, and is not to be used; true by default
   */
  protected boolean onClaimed() {
    return true;
  }

  /**
   * Called in place of {@link #onAbandoned} by one that had claimed the value. Calls that by
   * default.
   */
  protected void onUnclaimed() {
    onAbandoned();
  }

  /**
   * A task to stand in this one's place where several may come to have the value: behind a shield
   * or a time limit, as what a call has ended with. A task that gives its value back, and is one
   * object for many uses, cannot tell by {@link #onClaimed} who of them has it: it answers with a
   * task of this one use, which can. Called once for each use; must not throw.
   *
   * @return a task that has the same outcome, and is complete if this one is; this one by default
   */
  protected Task<?> ofOneUse() {
    return (Task<?>) (AwaitedFuture<?>) this;
  }

  /** What a task puts in its place where several may come to have its value. */
  static Task<?> useOf(AwaitedFuture<?> task) {
    return task.ofOneUse();
  }

  /** What there is in place of a value that was given back. */
  protected static CancellationException givenBack() {
    return new CancellationException(
        "what it brought was given back, because a method that awaited it was cancelled");
  }
}
