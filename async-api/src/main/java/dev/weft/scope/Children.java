package dev.weft.scope;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.frame.SharedFailures;
import dev.weft.frame.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Those who run in a scope: an intrusive list, so that one leaves in constant time, and nothing is
 * left of it. From any thread, under this object's monitor; tasks are told, ended and completed
 * without it, because that runs whatever hangs on them.
 *
 * <pre>
 *   fork     entered (running + 1), then spawned, then registered with: so the count is never too
 *            small
 *   ended    taken out (running - 1) by the thread that has ended it; onEnd and isUnsettled decide
 *            under the same lock what follows, and settle does it, if anything does
 *   close    closed is set, all are told; who closes waits until running is 0
 * </pre>
 *
 * A child costs two turns under the lock, of the thread that forks it and of the one that ends it,
 * which are often not the same: each more is one more time in which they wait for each other. (A
 * scope that keeps each child needs a third.) Hence, who tells a child that it is to end and who
 * spawns it meet without the lock: the one writes {@link Child#told} and then reads {@link
 * Child#task}, the other the other way round, and all that is volatile, so one of them sees both.
 * If both do, it is told twice, which is the same as once.
 */
abstract class Children {
  final AsyncExecutor executor;

  /** What was polled where the scope was made. */
  private final @Nullable Frame<?> maker;

  private @Nullable Child first;
  private int running;
  private boolean closed;
  private @Nullable Throwable cleanUpFailure;
  private final List<Closing> closings = new ArrayList<>(0);

  Children() {
    executor = AsyncExecutor.currentOrShared();
    Carrier carrier = Carrier.current();
    maker = carrier == null ? null : carrier.polledFrame();
  }

  // ---- what a scope is

  /** Why there is to be no further child; null if there may be. Under the lock. */
  abstract @Nullable Throwable refusal();

  /** A child was spawned. On the thread that forks it, without the lock. */
  void onForked(Task<?> child) {}

  /**
   * A child has ended. Under the lock.
   *
   * @return false if its value is not wanted
   */
  abstract boolean onEnd(Task<?> ended);

  /** True if {@link #settle} has something to do. Under the lock. */
  abstract boolean isUnsettled();

  /** Does what follows from the end of a child, if anything. Without the lock. */
  abstract void settle();

  /** False if failures are nobody's but of who holds the tasks. */
  boolean hearsFailures() {
    return true;
  }

  /** True if closing is to fail with a failure that comes after it. Under the lock. */
  boolean closingTells() {
    return hearsFailures();
  }

  /** Spawns a child. Without the lock. */
  <U extends @Nullable Object> Task<U> spawn(
      @Nullable String name, Callable<? extends CompletionStage<U>> body) throws Exception {
    return name == null ? executor.spawn(body) : executor.spawn(name, body);
  }

  // ---- who is in it

  final <U extends @Nullable Object> Task<U> fork(
      @Nullable String name, Callable<? extends CompletionStage<U>> body) {
    Child child = new Child(this);
    synchronized (this) {
      Throwable refusal = refusal();
      if (refusal != null) {
        return Settled.failure(refusal);
      }
      Child before = first;
      child.next = before;
      if (before != null) {
        before.previous = child;
      }
      first = child;
      running++;
    }
    Task<U> task;
    try {
      task = spawn(name, body);
    } catch (Exception refused) { // an executor with a will of its own
      task = Settled.failure(refused);
    }
    child.task = task;
    onForked(task);
    if (!ScopeTask.awaitEnd(task, child)) {
      ended(child, task);
    } else if (child.told) {
      ScopeTask.tell(task);
    }
    return task;
  }

  final void ended(Child child, Task<?> task) {
    boolean wanted;
    boolean unsettled;
    boolean over;
    synchronized (this) {
      unlink(child);
      running--;
      noteCleanUp(task);
      wanted = onEnd(task);
      unsettled = isUnsettled();
      over = closed && running == 0;
    }
    if (!wanted) {
      ScopeTask.drop(task);
    }
    if (unsettled) {
      settle();
    }
    if (over) {
      settleClosings();
    }
  }

  private void unlink(Child child) {
    Child before = child.previous;
    Child after = child.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
  }

  /** How many run. Under the lock. */
  final int running() {
    return running;
  }

  /** True if it was closed. Under the lock. */
  final boolean isClosed() {
    return closed;
  }

  /** Tells all those who are here that they are to end. */
  final void tellAll() {
    List<Task<?>> told;
    synchronized (this) {
      told = new ArrayList<>(running);
      for (Child child = first; child != null; child = child.next) {
        if (!child.told) {
          child.told = true;
          Task<?> task = child.task;
          if (task != null) { // else who spawns it tells it
            told.add(task);
          }
        }
      }
    }
    told.forEach(ScopeTask::tell);
  }

  /** The task in which the scope was made. */
  final @Nullable Task<?> founder() {
    return maker == null ? null : Standing.taskAround(maker);
  }

  // ---- its end

  final Task<@Nullable Void> close() {
    Closing closing = new Closing();
    synchronized (this) {
      if (closed && running == 0 && cleanUpFailure == null) {
        return Async.done();
      }
      closed = true;
      closings.add(closing);
    }
    tellAll();
    settle();
    settleClosings();
    return closing;
  }

  private void noteCleanUp(Task<?> ended) {
    if (!closed || !closingTells() || !ended.isCompletedExceptionally()) {
      return;
    }
    Throwable error = ScopeTask.failureOfTold(ended);
    if (error instanceof CancellationException) {
      return;
    }
    if (cleanUpFailure == null) {
      cleanUpFailure = error;
    } else if (cleanUpFailure != error) {
      SharedFailures.addSuppressed(cleanUpFailure, error);
    }
  }

  private void settleClosings() {
    List<Closing> over;
    Throwable error;
    synchronized (this) {
      if (!closed || running > 0) {
        return;
      }
      over = List.copyOf(closings);
      closings.clear();
      error = cleanUpFailure;
    }
    over.forEach(closing -> closing.end(error));
  }

  /** The end of all, to be awaited. A cancellation of who awaits it comes after that. */
  private static final class Closing extends Task<@Nullable Void> {
    void end(@Nullable Throwable error) {
      if (error == null) {
        complete(null);
      } else {
        completeExceptionally(error);
      }
    }

    @Override
    protected boolean stop() {
      return true;
    }
  }
}
