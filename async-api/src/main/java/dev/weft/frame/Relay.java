package dev.weft.frame;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task that awaits a stage and ends as that does, with a rule of its own for cancellations.
 * Unlike a frame it is not polled: it goes on inside the thread that completes the stage.
 *
 * @param <T> the type of the result
 */
public abstract class Relay<T extends @Nullable Object> extends Link<T> {
  final CompletableFuture<?> stage;

  Relay(CompletableFuture<?> stage) {
    this.stage = stage;
  }

  /**
   * True if a method awaits a task, itself or what stands around it: who cancels the method cancels
   * the task, or has no business to.
   */
  public static boolean isAwaitedByMethod(Task<?> task) {
    Awaiter at = waiterOf(task);
    while (at instanceof Relay<?> relay) {
      at = waiterOf(relay);
    }
    return at != null;
  }

  /** What {@link Async#timeout} returns. */
  public static <T extends @Nullable Object> Task<T> timeout(
      AsyncExecutor executor, Duration limit, CompletionStage<T> stage) {
    return TimeLimit.start(executor, limit, stage);
  }

  /** What {@link Async#cancelling} returns. */
  public static <T extends @Nullable Object> Task<T> cancelling(CompletionStage<T> stage) {
    return new Cancelling<T>(Await.future(stage)).start();
  }

  /** What {@link Async#shield} returns. */
  public static <T extends @Nullable Object> Task<T> shield(CompletionStage<T> stage) {
    return new Shield<T>(Await.future(stage)).start();
  }

  /** What {@link Task#finished} returns. */
  public static Task<@Nullable Void> endOf(Task<?> task) {
    return task.isFinished() ? Async.done() : new End(task).start();
  }

  /** Begins to wait. To be called by who made it, or after it has rested. */
  final Relay<T> start() {
    if (stage instanceof Task<?> task) {
      setAwaited(task);
      if (!register(task, this)) {
        wake();
        return this;
      }
    } else if (stage.isDone()) {
      setAwaited(stage);
      wake();
      return this;
    } else {
      await(stage);
    }
    parked();
    return this;
  }

  private void await(CompletableFuture<?> future) {
    Waiter idle = IdleWaiters.take(future);
    Waiter waiter = idle != null ? idle : new Waiter();
    setAwaited(waiter);
    waiter.arm(future, this, 0);
    if (idle == null) {
      try {
        future.whenComplete(waiter);
      } catch (Throwable refused) { // a subclass of CompletableFuture with a will of its own
        waiter.fail(refused);
      }
    } else if (future.isDone() && waiter.withdraw(this)) {
      wake();
    }
  }

  /** The stage has ended; or we have let go of it, and a cancellation is here. */
  @Override
  public final void wake() {
    Object source = awaited;
    setAwaited(null);
    onEnd();
    if (take(DELIVERED)) {
      fail(cancelled(null));
      return;
    }
    CompletableFuture<?> outcome = source == null ? stage : outcomeOf(source);
    if (!outcome.isCompletedExceptionally()) {
      succeed(outcome);
      return;
    }
    Throwable error = Await.failureOf(outcome);
    // What was asked to stop has ended without a value: that delivers the cancellation.
    boolean stopped = wasAskedToStop(source) && take(PENDING);
    fail(stopped ? cancelled(error instanceof CancellationException ? null : error) : error);
  }

  /**
   * Nobody awaits this any more, for now. It is taken back from its stage, until it is asked for
   * again, in any way but by the static {@code allOf} and {@code anyOf}, which ask nothing.
   *
   * <p>Who asks writes that it does (the waiter slot, or {@link #OBSERVED}) and then looks whether
   * this rests; here it is the other way round. All volatile: one of them sees the other.
   */
  final void rest() {
    Object source = source();
    if (source != null && (bits() & OBSERVED) == 0 && withdrawFrom(source)) {
      setAwaited(null);
      set(RESTS);
      if ((bits() & OBSERVED) != 0 || waiterOf(this) != null) {
        goOn();
      }
    }
  }

  private void goOn() {
    if (take(RESTS)) {
      start();
    }
  }

  private void observe() {
    if ((bits() & OBSERVED) == 0) {
      set(OBSERVED);
    }
    goOn();
  }

  @Override
  public boolean isDone() {
    goOn();
    return super.isDone();
  }

  /** True if what it waited for was not a call, which would have taken the token over. */
  boolean wasAskedToStop(@Nullable Object source) {
    return !(source instanceof Link<?>);
  }

  @SuppressWarnings("unchecked")
  void succeed(CompletableFuture<?> outcome) {
    T value;
    try {
      value = (T) outcome.getNow(null); // which takes nothing yet
    } catch (CancellationException givenBack) {
      fail(givenBack);
      return;
    }
    markEnded();
    boolean first = decide(value);
    if (!first && outcome instanceof Task<?> task) {
      abandon(task); // somebody has given us another outcome
    }
    afterOutcome(first);
    wakeAwaiters();
  }

  /** Ends with a failure; it may put another one in its place. */
  void fail(Throwable error) {
    markEnded();
    afterFailure(decideExceptionally(error));
    wakeAwaiters();
  }

  /** Called once, before it is complete. */
  void onEnd() {}

  @Override
  public T join() {
    observe();
    T value = super.join();
    taken();
    return value;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    observe();
    T value = super.get();
    taken();
    return value;
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    observe();
    T value = super.get(timeout, unit);
    taken();
    return value;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    observe();
    taken();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    observe();
    taken();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    observe();
    taken();
    return super.minimalCompletionStage();
  }

  /**
   * Somebody has the value, or will have it: who has brought it is to know.
   *
   * @throws CancellationException if it was given back before that
   */
  void taken() {
    CompletableFuture<?> at = stage;
    while (at instanceof Relay<?> relay) {
      at = relay.stage;
    }
    if (at instanceof Task<?> && !(at instanceof Frame<?>)) {
      at.toCompletableFuture();
      if (at.isDone() && !at.isCompletedExceptionally()) {
        at.getNow(null);
      }
    }
  }

  /** Nobody takes what the stage has brought; it may have to be given back. */
  @Override
  protected void onAbandoned() {
    if (isDone() && !isCompletedExceptionally() && stage instanceof Task<?> task) {
      abandon(task);
    }
  }

  /** Passes a cancellation on to whatever it is that is awaited. */
  private static final class Cancelling<T extends @Nullable Object> extends Relay<T> {
    Cancelling(CompletableFuture<?> stage) {
      super(stage);
    }

    @Override
    boolean stopAwaited(Object source) {
      if (super.stopAwaited(source)) {
        return true;
      }
      try {
        stage.cancel(true);
      } catch (Throwable ignored) {
        // A subclass with a will of its own. We let go of it below.
      }
      return stage.isDone();
    }

    @Override
    boolean wasAskedToStop(@Nullable Object source) {
      return true;
    }
  }

  /** Lets no cancellation pass. */
  private static final class Shield<T extends @Nullable Object> extends Relay<T> {
    Shield(CompletableFuture<?> stage) {
      super(stage);
    }

    @Override
    boolean isChained() {
      return false;
    }

    @Override
    boolean passesOn() {
      return false;
    }
  }

  /** Ends when a task does, and has no other outcome. */
  private static final class End extends Relay<@Nullable Void> {
    End(Task<?> task) {
      super(task);
    }

    @Override
    boolean isChained() {
      return false;
    }

    @Override
    boolean passesOn() {
      return false;
    }

    @Override
    void succeed(CompletableFuture<?> outcome) {
      end();
    }

    @Override
    void fail(Throwable error) {
      end();
    }

    private void end() {
      markEnded();
      afterOutcome(decide(null));
      wakeAwaiters();
    }

    @Override
    void taken() {
      // What the task has brought is not this one's.
    }

    @Override
    protected void onAbandoned() {
      // Nor to be given back.
    }
  }
}
