package dev.weft;

import dev.weft.frame.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stage with a time limit: whichever of stage and timer ends first completes it, and stops the
 * other one.
 */
final class Timeout<T extends @Nullable Object> extends Task<T> {
  private final CompletableFuture<T> future;
  private final Task<@Nullable Void> timer;

  private Timeout(CompletableFuture<T> future, Task<@Nullable Void> timer) {
    this.future = future;
    this.timer = timer;
  }

  static <T extends @Nullable Object> Task<T> start(
      AsyncExecutor executor, Duration limit, CompletionStage<T> stage) {
    CompletableFuture<T> future = Await.future(stage);
    if (future.isDone() && future instanceof Task<T> task) {
      return task;
    }
    Timeout<T> timeout = new Timeout<>(future, executor.sleep(limit));
    // First the stage: if it is complete, however short the time, it is in time. Tokio's rule.
    future.whenComplete((value, error) -> timeout.ended(value, error));
    timeout.timer.whenComplete(
        (nothing, cancelled) -> {
          if (cancelled == null) {
            timeout.expired(limit);
          } else {
            timeout.rejected(cancelled);
          }
        });
    return timeout;
  }

  @SuppressWarnings("NullAway") // the value is null only if T allows it
  private void ended(@Nullable T value, @Nullable Throwable error) {
    timer.cancel(false);
    if (error == null) {
      if (!complete(value) && future instanceof Task<?> task) {
        abandon(task); // it came too late
      }
    } else {
      Throwable cause = error instanceof CompletionException ? error.getCause() : null;
      completeExceptionally(cause != null ? cause : error);
    }
  }

  private void expired(Duration limit) {
    if (completeExceptionally(new TimeoutException("not complete after " + limit))) {
      stop();
    }
  }

  /** The timer will not fire: the executor was closed, or the stage has ended first. */
  private void rejected(Throwable cancelled) {
    if (!future.isDone() && completeExceptionally(cancelled)) {
      stop();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    timer.cancel(false);
    stop();
    return cancelled;
  }

  /** Nobody takes what the stage has brought; it may have to be given back. */
  @Override
  protected void onAbandoned() {
    if (!isCompletedExceptionally() && future instanceof Task<?> task) {
      abandon(task);
    }
  }

  private void stop() {
    if (future instanceof Task<?> task) {
      task.cancel(true);
    }
  }
}
