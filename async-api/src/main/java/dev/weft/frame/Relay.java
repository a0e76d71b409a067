package dev.weft.frame;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

  /** Begins to wait. To be called once, by who made it. */
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

  /** True if what it waited for was not a call, which would have taken the token over. */
  boolean wasAskedToStop(@Nullable Object source) {
    return !(source instanceof Link<?>);
  }

  @SuppressWarnings("unchecked")
  void succeed(CompletableFuture<?> outcome) {
    markEnded();
    boolean first = decide((T) outcome.join());
    if (!first && outcome instanceof Task<?> task) {
      abandon(task); // somebody has given us another outcome
    }
    afterOutcome(first);
    wakeAwaiters();
  }

  /** Ends with a failure; it may put another one in its place. */
  void fail(Throwable error) {
    markEnded();
    afterOutcome(decideExceptionally(error));
    wakeAwaiters();
  }

  /** Called once, before it is complete. */
  void onEnd() {}

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
    protected void onAbandoned() {
      // What the task has brought is not this one's.
    }
  }
}
