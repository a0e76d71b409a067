package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.log.LimitedLog;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What {@link dev.weft.Async#timeout} returns. When the time is over it is an origin of a
 * cancellation, like a task that was cancelled, and ends as soon as what it limits has ended: with
 * the value, if there is one in spite of it, else with a {@link TimeoutException}. What is not its
 * own to cancel (a spawned task, a plain future) it lets go of at once.
 */
final class TimeLimit<T extends @Nullable Object> extends Relay<T> implements Awaiter {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger("dev.weft.Async"));

  /** For how long after the limit the body may clean up before that is worth a line in the log. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final AsyncExecutor executor;
  private final Duration limit;

  /** The limit itself; when that is over, the {@link #PATIENCE}. */
  private @Nullable Task<@Nullable Void> timer;

  /** Why it is over before the stage is. Written before the token is on its way. */
  private volatile @Nullable Throwable late;

  private volatile boolean over;

  TimeLimit(AsyncExecutor executor, Duration limit, CompletableFuture<T> stage) {
    super(stage);
    this.executor = executor;
    this.limit = limit;
  }

  static <T extends @Nullable Object> Task<T> start(
      AsyncExecutor executor, Duration limit, CompletionStage<T> stage) {
    CompletableFuture<T> future = Await.future(stage);
    if (future instanceof Task<T> task && task.isFinished()) {
      return task;
    }
    TimeLimit<T> limited = new TimeLimit<>(executor, limit, future);
    // First the stage: if it is complete, however short the time, it is in time. Tokio's rule.
    limited.start();
    if (!limited.over) {
      limited.setTimer(executor.sleep(limit), limited::expired);
    }
    return limited;
  }

  /** Who ends this sets {@link #over} and reads the timer; here it is the other way round. */
  private void setTimer(Task<@Nullable Void> started, Awaiter then) {
    synchronized (this) {
      timer = started;
    }
    if (over) {
      started.cancel(false);
    } else if (!register(started, then)) {
      then.wake();
    }
  }

  @Override
  void onEnd() {
    over = true;
    Task<@Nullable Void> running;
    synchronized (this) {
      running = timer;
    }
    if (running != null) {
      running.cancel(false);
    }
  }

  private void expired() {
    Task<@Nullable Void> ended = timer;
    if (over || ended == null) {
      return;
    }
    Throwable reason =
        ended.isCompletedExceptionally() // the executor is halted
            ? Await.failureOf(ended)
            : new TimeoutException("not complete after " + limit + ": " + Whereabouts.of(stage));
    if (markTold(reason)) {
      Cancellation.descend(this);
      if (!over) {
        setTimer(executor.sleep(PATIENCE), this::report);
      }
    }
  }

  private boolean markTold(Throwable reason) {
    synchronized (this) {
      late = reason;
    }
    if (Cancellation.markTold(this)) {
      return true;
    }
    synchronized (this) {
      late = null; // cancelled before
    }
    return false;
  }

  /** True for what was made by this, on whatever thread has the timers. */
  boolean isReason(Throwable error) {
    return late == error;
  }

  private void report() {
    Task<@Nullable Void> ended = timer;
    if (!over && ended != null && !ended.isCompletedExceptionally()) {
      log.warn(
          "The limit of {} was over {} ago, and what it limits still runs: {}",
          limit,
          PATIENCE,
          (Supplier<String>) () -> Whereabouts.of(stage));
    }
  }

  @Override
  void fail(Throwable error) {
    Throwable reason;
    synchronized (this) {
      reason = late;
    }
    if (reason == null) {
      super.fail(error);
      return;
    }
    if (!(error instanceof CancellationException)) {
      reason.addSuppressed(error); // of the clean-up, or of the body at that very moment
    }
    super.fail(reason);
  }
}
