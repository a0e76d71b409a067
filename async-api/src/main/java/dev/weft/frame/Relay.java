package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task that awaits a stage and ends as that does, with a rule of its own for cancellations.
 * Unlike a frame it is not polled: it goes on inside the thread that completes the stage.
 *
 * <pre>{@code
 * Task<Receipt> limited = Async.timeout(Duration.ofSeconds(2), buy(shop, item));
 * Task<Receipt> untouched = Async.shield(buy(shop, item));
 * }</pre>
 *
 * @param <T> the type of the result
 */
public abstract class Relay<T extends @Nullable Object> extends Link<T> {
  private static final Task<@Nullable Void> ENDED = Settled.value(null);

  final CompletableFuture<?> stage;

  Relay(CompletableFuture<?> stage) {
    this.stage = stage instanceof Task<?> task ? AwaitedFuture.useOf(task) : stage;
  }

  /**
   * True if a method awaits a task, itself or what stands around it: who cancels the method cancels
   * the task, or has no business to.
   */
  public static boolean isAwaitedByMethod(Task<?> task) {
    Awaiter at = waiterOf(task);
    while (at != null && standsBefore(at)) {
      at = waiterOf((Task<?>) at);
    }
    return at != null;
  }

  /** True for what is no method, and stands between one and what it awaits. */
  static boolean standsBefore(Object awaiter) {
    return awaiter instanceof Relay<?> || awaiter instanceof Combining<?>;
  }

  /** What {@link dev.weft.Async#timeout} returns. */
  public static <T extends @Nullable Object> Task<T> timeout(
      AsyncExecutor executor, Duration limit, CompletionStage<T> stage) {
    return TimeLimit.start(executor, limit, stage);
  }

  /** What {@link dev.weft.Async#on} returns. Not a relay: who awaits it is queued elsewhere. */
  public static Task<@Nullable Void> moveTo(AsyncExecutor executor) {
    return Move.to(executor);
  }

  /** What {@link dev.weft.Async#all} returns. */
  public static <T extends @Nullable Object> Task<List<T>> all(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Combining.all(stages);
  }

  /** What {@link dev.weft.Async#any} returns. */
  public static <T extends @Nullable Object> Task<T> any(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Combining.first(Until.ONE_HAS_A_VALUE, stages);
  }

  /** What {@link dev.weft.Async#race} returns. */
  public static <T extends @Nullable Object> Task<T> race(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Combining.first(Until.ONE_HAS_ENDED, stages);
  }

  /** What {@link dev.weft.Async#withDeadline} returns. */
  public static <T extends @Nullable Object> Task<T> withDeadline(
      Duration limit, Callable<? extends CompletionStage<T>> body) {
    return Deadline.run(limit, body);
  }

  /**
   * Makes a call in whose context there is a deadline, or an earlier one if that is in force. Who
   * calls this sees to it that it is kept.
   */
  public static <R extends @Nullable Object> R callBefore(Duration limit, Callable<R> body)
      throws Exception {
    return Deadline.call(limit, body);
  }

  /** What {@link dev.weft.Async#remainingTime} returns. */
  public static @Nullable Duration remainingTime() {
    Deadline deadline = Deadline.current();
    return deadline == null ? null : deadline.left();
  }

  /** What {@link dev.weft.Async#cancelling} returns. */
  public static <T extends @Nullable Object> Task<T> cancelling(CompletionStage<T> stage) {
    boolean view = stage != null && MinimalStages.isOne(stage);
    CompletableFuture<T> future = Await.future(stage);
    return (view ? new LettingGo<T>(future) : new Cancelling<T>(future)).start();
  }

  /**
   * What a select waits for in place of a stage. Cancelled when another one has come first, it ends
   * when the stage has, or was let go of, as an await that is cancelled does.
   */
  public static <T extends @Nullable Object> Task<T> contender(CompletionStage<T> stage) {
    return new LettingGo<T>(Await.future(stage)).start();
  }

  /** What {@link dev.weft.Async#shield} returns. */
  public static <T extends @Nullable Object> Task<T> shield(CompletionStage<T> stage) {
    return new Shield<T>(Await.future(stage)).start();
  }

  /** What {@link Task#finished} returns. */
  public static Task<@Nullable Void> endOf(Task<?> task) {
    return task.isFinished() ? ENDED : new End(task).start();
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
      Waiter.hang(this, stage, 0, null);
    }
    parked();
    return this;
  }

  /** The stage has ended; or we have let go of it, and a cancellation is here. */
  @Override
  public final void wake() {
    Object source = awaited;
    setAwaited(null);
    onEnd();
    if (take(DELIVERED)) {
      set(HEARD);
      fail(Cancellation.cancelled(null));
      return;
    }
    CompletableFuture<?> outcome = source == null ? stage : outcomeOf(source);
    if (!outcome.isCompletedExceptionally()) {
      succeed(outcome);
      return;
    }
    Throwable error = Await.failureOf(outcome);
    // Where this is the origin, the cancellation ends with it.
    boolean stopped =
        (wasAskedToStop(source)
                || ((bits() & ORIGIN) == 0 && Cancellation.isFailureOfOneTold(source)))
            && take(PENDING);
    if (stopped) {
      set(HEARD);
    }
    fail(
        stopped
            ? Cancellation.cancelled(error instanceof CancellationException ? null : error)
            : error);
  }

  /**
   * If nobody awaits this any more, for now, it is taken back from its stage, until it is asked for
   * again: in any way but by the static {@code allOf} and {@code anyOf} and by {@code state}, which
   * ask nothing. Not if the stage is a call: that ends by itself, and who waits for it meanwhile
   * keeps it from being cancelled.
   *
   * <p>Who asks writes that it does (the waiter slot, or {@link #OBSERVED}) and then looks whether
   * this rests; here it is the other way round. All volatile: one of them sees the other.
   */
  final void restIfUnawaited() {
    boolean mayRest =
        !isChained()
            && !(stage instanceof Link<?> call && call.isChained())
            && (bits() & OBSERVED) == 0
            && waiterOf(this) == null;
    Object source = source();
    if (mayRest && source != null && withdrawFrom(source)) {
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

  /** True if what it waited for was not a call, which would have taken the token over. */
  boolean wasAskedToStop(@Nullable Object source) {
    return !(source instanceof Link<?>);
  }

  @SuppressWarnings("unchecked")
  void succeed(CompletableFuture<?> outcome) {
    Task<?> claimed = null;
    if ((bits() & OBSERVED) != 0 && outcome instanceof Task<?> task) {
      if (!claim(task)) {
        fail(givenBack());
        return;
      }
      claimed = task; // what hangs on this has the value
    }
    T value;
    try {
      value = (T) outcome.getNow(null);
    } catch (CancellationException givenBack) {
      fail(givenBack);
      return;
    } catch (CompletionException taken) { // by an await; it was for one
      fail(taken.getCause() == null ? taken : taken.getCause());
      return;
    }
    set(BROUGHT);
    boolean first = settleWithValue(value);
    try {
      if (!first) { // somebody has given us another outcome
        take(BROUGHT);
        if (claimed != null) {
          unclaim(claimed);
        } else if (outcome instanceof Task<?> task) {
          abandon(task);
        }
      } else if (claimed == null && (bits() & OBSERVED) != 0) {
        onClaimed();
      }
    } finally {
      settled();
      Cancellation.afterOutcome(this, first);
      wakeAwaiters();
    }
  }

  /** Ends with a failure; it may put another one in its place. */
  void fail(Throwable error) {
    markEnded();
    Cancellation.afterFailure(this, decideExceptionally(error), error);
    wakeAwaiters();
  }

  /** Called once, before it is complete. */
  void onEnd() {}

  private void observe() {
    if ((bits() & OBSERVED) == 0) {
      set(OBSERVED);
    }
    goOn();
  }

  /** What is about to hang on this has the value, or will have it. */
  private void observeByStage() {
    observe();
    claimIfThere();
  }

  @Override
  public T join() {
    observe();
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    observe();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    observe();
    return super.get(timeout, unit);
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    observeByStage();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    observeByStage();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    observeByStage();
    return super.minimalCompletionStage();
  }

  @Override
  public boolean isDone() {
    goOn();
    return super.isDone();
  }

  @Override
  public boolean isCompletedExceptionally() {
    goOn();
    return super.isCompletedExceptionally();
  }

  @Override
  public boolean isCancelled() {
    goOn();
    return super.isCancelled();
  }

  @Override
  public T getNow(T valueIfAbsent) {
    goOn();
    return super.getNow(valueIfAbsent);
  }

  // ---- whose value it is

  /**
   * {@inheritDoc} Once: it is told by who lost interest and by who then ends it, and not each task
   * knows that it has given its value back.
   */
  @Override
  protected void onAbandoned() {
    Task<?> task = broughtBy();
    if (task != null && (set(ABANDONED) & ABANDONED) == 0) {
      abandon(task);
    }
  }

  @Override
  final @Nullable Task<?> broughtBy() {
    return (bits() & BROUGHT) != 0 && stage instanceof Task<?> task ? task : null;
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

  /**
   * With no rule of its own: a cancellation goes to calls and operations and to nothing else. Also
   * for a view, which nobody can cancel.
   */
  private static final class LettingGo<T extends @Nullable Object> extends Relay<T> {
    LettingGo(CompletableFuture<?> stage) {
      super(stage);
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
      Cancellation.afterOutcome(this, decide(null));
      wakeAwaiters();
    }
  }
}
