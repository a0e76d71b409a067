package dev.weft;

import dev.weft.frame.BlockingWaits;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CompletableFuture} that a woven method can await without allocating anything.
 *
 * <p>It has one <em>waiter slot</em>: the frame of the method that awaits it is stored there
 * itself, and is scheduled on its own executor when the task completes. A second method that awaits
 * the same task at the same time is registered as an ordinary dependent instead, at the price of
 * its allocation. Everything else that a {@code CompletableFuture} does works as usual; stages
 * derived from a task ({@code thenApply} and its kind) are plain {@code CompletableFuture}s.
 *
 * <p>Cancelling a task completes it at once with a {@link
 * java.util.concurrent.CancellationException}. If an async method stands behind it, that method is
 * resumed on its executor with the same exception thrown at its await, so that its {@code finally}
 * blocks run; a Weft task that it was awaiting is cancelled too.
 *
 * <h2>Who touches the waiter slot</h2>
 *
 * <pre>
 *   null  -&gt; frame   the frame's own thread, in register (compare-and-set)
 *   frame -&gt; null    the thread that completes the task, which then schedules the frame; or
 *                    whoever withdraws the frame, which then owns its wake-up (compare-and-set)
 * </pre>
 *
 * Whoever takes the frame out of the slot wakes it, so it is woken exactly once. The completing
 * thread publishes the result and then reads the slot; the registering thread writes the slot and
 * then reads the result. All four accesses are volatile, hence totally ordered: at least one of the
 * two sees the other, and no wake-up is lost.
 *
 * @param <T> the type of the result
 */
public class Task<T extends @Nullable Object> extends CompletableFuture<T> {
  private static final VarHandle WAITER;

  static {
    try {
      WAITER = MethodHandles.lookup().findVarHandle(Task.class, "waiter", Frame.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through WAITER
  private volatile @Nullable Frame<?> waiter;

  /** Creates a task that is completed by whoever holds it. */
  public Task() {}

  /** Outcome of {@link #register}. */
  protected enum Registration {
    /** The frame is in the waiter slot and will be scheduled when the task completes. */
    REGISTERED,
    /** The task is complete; the frame is not registered. */
    DONE,
    /** Another frame holds the waiter slot; the frame is not registered. */
    OCCUPIED
  }

  /**
   * Puts a frame into the waiter slot of a task. Once this has answered {@code REGISTERED} the
   * frame may already be running on another thread.
   */
  protected static Registration register(Task<?> task, Frame<?> frame) {
    if (!WAITER.compareAndSet(task, null, frame)) {
      return task.isDone() ? Registration.DONE : Registration.OCCUPIED;
    }
    if (task.isDone() && withdraw(task, frame)) {
      return Registration.DONE;
    }
    return Registration.REGISTERED;
  }

  /**
   * Takes a frame out of the waiter slot of a task.
   *
   * @return true if the frame stood there, and the caller now owes it a wake-up
   */
  protected static boolean withdraw(Task<?> task, Frame<?> frame) {
    return WAITER.compareAndSet(task, frame, null);
  }

  /** The frame in the waiter slot of a task, as of now. */
  protected static @Nullable Frame<?> waiterOf(Task<?> task) {
    return task.waiter;
  }

  @Override
  public boolean complete(@Nullable T value) {
    boolean completed = super.complete(value);
    wakeWaiter();
    return completed;
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    boolean unheard = waiter == null && getNumberOfDependents() == 0; // completing drops them
    boolean completed = super.completeExceptionally(error);
    if (unheard && completed) {
      Carrier.reportUnheard(this, error);
    }
    wakeWaiter();
    return completed;
  }

  /** Also how a failed task notices that something is hung on it: every such method comes here. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    if (isCompletedExceptionally()) {
      Carrier.reportHeard(this);
    }
    return new CompletableFuture<>();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    wakeWaiter();
    return cancelled;
  }

  @Override
  public void obtrudeValue(@Nullable T value) {
    super.obtrudeValue(value);
    wakeWaiter();
  }

  @Override
  public void obtrudeException(Throwable error) {
    super.obtrudeException(error);
    wakeWaiter();
  }

  /**
   * Completes this task with the supplier's result, computed on the executor. The superclass would
   * write the result past {@link #complete}, and so past the waiter.
   */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(
        () -> {
          if (isDone()) {
            return;
          }
          try {
            complete(supplier.get());
          } catch (Throwable error) {
            completeExceptionally(error);
          }
        });
    return this;
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
    return completeAsync(supplier, defaultExecutor());
  }

  /**
   * Tells a task that the frame which awaited it was cancelled and will not look at its outcome.
   * Called by that frame.
   */
  protected static void abandon(Task<?> task) {
    task.onAbandoned();
  }

  /**
   * Called when the async method that awaited this task was cancelled and so will not look at the
   * outcome, whether there is one yet or not. A task whose result would otherwise be lost (a
   * buffer, a socket) takes it back here. Must not throw; does nothing by default.
   */
  protected void onAbandoned() {}

  /**
   * A number that no other task in this JVM has, for tasks that an executor has spawned; 0 for
   * others. Numbers are given when they are first asked for, so they say nothing of the order in
   * which tasks were spawned.
   */
  public long id() {
    return 0;
  }

  /** The name that the task was spawned with; null if it has none. */
  public @Nullable String name() {
    return null;
  }

  /**
   * Cancels this task, as {@link #cancel} does, which see. Tokio's {@code JoinHandle::abort}. Does
   * nothing if the task is complete.
   */
  public void abort() {
    cancel(true);
  }

  /**
   * True if nothing of this task runs any more. Unlike {@link #isDone()} this is false for a
   * spawned task that was cancelled while its body still cleans up. Tokio's {@code
   * JoinHandle::is_finished}.
   */
  public boolean isFinished() {
    return isDone();
  }

  // ---- who blocks for it: see BlockingWaits

  @Override
  public T get() throws InterruptedException, ExecutionException {
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.get();
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.get(timeout, unit);
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }

  @Override
  public T join() {
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.join();
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }

  private void wakeWaiter() {
    if (waiter != null) {
      Frame<?> frame = (Frame<?>) WAITER.getAndSet(this, null);
      if (frame != null) {
        frame.wake();
      }
    }
  }
}
