package dev.weft;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call that is made after a delay, once or over and over: what {@code ScheduledExecutorService}
 * promises, on a sleep and a submitted task of the executor.
 *
 * <pre>
 *   asleep --timer--&gt; submitted --end--&gt; complete
 *      ^                  |
 *      '---- periodic ----'
 * </pre>
 */
final class ScheduledTask<T extends @Nullable Object> extends Task<T>
    implements ScheduledFuture<T> {
  private final DelayingExecutorService executor;
  private final Callable<T> call;

  /** Nanoseconds from start to start if positive, from end to start if negative; 0 for once. */
  private final long period;

  /** On the executor's clock. */
  private volatile long due;

  /** The sleep or the submitted task that is under way. */
  private volatile @Nullable Task<?> underWay;

  /** The delay is over, and what is under way is about to be the call. */
  private volatile boolean firing;

  ScheduledTask(DelayingExecutorService executor, Callable<T> call, long delay, long period) {
    this.executor = executor;
    this.call = call;
    this.period = period;
    this.due = executor.nanoTime() + Math.max(0, delay);
  }

  /** To be called once. */
  void start() {
    Task<@Nullable Void> sleep =
        executor.sleep(Duration.ofNanos(Math.max(0, due - executor.nanoTime())));
    follow(sleep);
    sleep.whenComplete(
        (nothing, error) -> {
          if (error == null) {
            fire();
          } else {
            completeExceptionally(error); // the executor has ended; or we were cancelled ourselves
          }
        });
  }

  /**
   * Whoever cancels writes the outcome and then looks whether anything is under way; we say that
   * something is about to be, and then look for an outcome. So either the call is not made, or this
   * task is not finished before it has ended.
   */
  private void fire() {
    firing = true;
    if (isDone()) {
      firing = false;
      wakeIfFinished();
      return;
    }
    Task<T> run;
    try {
      run = executor.submit(call);
    } catch (RejectedExecutionException | HaltedError closed) {
      firing = false;
      cancel(false); // as what is still asleep when the executor ends
      wakeIfFinished();
      return;
    }
    follow(run);
    run.whenComplete(this::ran);
  }

  /** Whoever completes this writes the outcome and reads that; we write that and look for one. */
  private void follow(Task<?> task) {
    underWay = task;
    firing = false;
    if (isDone()) {
      wakeIfFinished();
    }
  }

  /**
   * {@inheritDoc} Whatever gave the outcome: nothing is under way any more then, or is about to be
   * cancelled.
   */
  @Override
  protected void wakeIfFinished() {
    Task<?> task = underWay;
    if (task == null || task.isFinished()) {
      super.wakeIfFinished();
    } else if (isDone()) {
      task.cancel(true);
      task.finished().whenComplete((nothing, error) -> super.wakeIfFinished());
    }
  }

  @Override
  public boolean isFinished() {
    if (!isDone() || firing) {
      return false;
    }
    Task<?> task = underWay;
    return task == null || task.isFinished();
  }

  @SuppressWarnings("NullAway") // the value is null only if T allows it
  private void ran(@Nullable T value, @Nullable Throwable error) {
    if (error != null) {
      Throwable cause = error instanceof CompletionException ? error.getCause() : null;
      completeExceptionally(cause != null ? cause : error);
    } else if (period == 0) {
      complete(value);
    } else if (!isDone()) {
      due = period > 0 ? due + period : executor.nanoTime() - period;
      start();
    }
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - executor.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return other instanceof ScheduledTask<?> task && task.executor == executor
        ? Long.signum(due - task.due)
        : Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
