package dev.weft;

import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A {@code ScheduledExecutorService} whose delays are the executor's own sleeps. */
abstract class DelayingExecutorService extends EngineExecutorService
    implements ScheduledExecutorService {
  DelayingExecutorService(Logger log, Duration closeDrain, Duration closeBound) {
    super(log, closeDrain, closeBound);
  }

  /** Why work is refused, for messages. */
  abstract String whyRefused();

  /**
   * Makes a call after a delay, as {@link #submit} would. If the executor ends earlier, the task is
   * cancelled: {@link #shutdown} does not wait for delays.
   *
   * @param delay zero or less for at once; what is longer than 139 years counts as that
   */
  @Override
  public <T extends @Nullable Object> ScheduledFuture<T> schedule(
      Callable<T> call, long delay, TimeUnit unit) {
    Objects.requireNonNull(call, "call");
    return started(new ScheduledTask<>(this, call, Nanos.of(delay, unit), 0));
  }

  /** As {@link #schedule(Callable, long, TimeUnit)}. */
  @Override
  public ScheduledFuture<?> schedule(Runnable run, long delay, TimeUnit unit) {
    return this.<@Nullable Void>started(
        new ScheduledTask<@Nullable Void>(this, callable(run), Nanos.of(delay, unit), 0));
  }

  /**
   * Runs something over and over until it throws or is cancelled. A run that is late is followed by
   * the next one at once; runs never overlap.
   */
  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable run, long initialDelay, long period, TimeUnit unit) {
    requirePositive("period", period);
    return this.<@Nullable Void>started(
        new ScheduledTask<@Nullable Void>(
            this, callable(run), Nanos.of(initialDelay, unit), Nanos.of(period, unit)));
  }

  /** Runs something over and over until it throws or is cancelled, with a pause in between. */
  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable run, long initialDelay, long delay, TimeUnit unit) {
    requirePositive("delay", delay);
    return this.<@Nullable Void>started(
        new ScheduledTask<@Nullable Void>(
            this, callable(run), Nanos.of(initialDelay, unit), -Nanos.of(delay, unit)));
  }

  private static Callable<@Nullable Void> callable(Runnable run) {
    Objects.requireNonNull(run, "run");
    return () -> {
      run.run();
      return null;
    };
  }

  private static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be positive, not " + value);
    }
  }

  private <T extends @Nullable Object> ScheduledFuture<T> started(ScheduledTask<T> task) {
    if (isShutdown() && !engine().isOwnThread()) {
      throw new RejectedExecutionException(whyRefused());
    }
    task.start();
    return task;
  }
}
