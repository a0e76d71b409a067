package dev.weft.node;

import dev.weft.Task;
import dev.weft.scheduler.Nanos;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The task that {@code sleep} returns: completed by a timer of the loop. Node's longest timer is 24
 * days; a sleep that is longer goes on with another one.
 */
final class LoopSleep extends Task<@Nullable Void> implements Runnable {
  private final EventLoop loop;

  /** The loop's thread alone. */
  private @Nullable Timeout timer;

  /** What is left to sleep when the timer has fired. The loop's thread alone. */
  private long millisLeft;

  LoopSleep(EventLoop loop, Duration duration) {
    this.loop = loop;
    long millis = TimeUnit.NANOSECONDS.toMillis(Nanos.of(duration));
    this.millisLeft = Math.max(0, millis - Timeout.MAX_MILLIS);
  }

  /** Starts the timer. On the loop's thread. */
  void start(int millis) {
    if (!isDone()) {
      timer = loop.timers().start(this, millis, false);
    }
  }

  @Override
  public void run() {
    if (millisLeft > 0) {
      int next = (int) Math.min(Timeout.MAX_MILLIS, millisLeft);
      millisLeft -= next;
      start(next);
    } else {
      complete(null);
    }
  }

  /** Completes the task as cancelled, and frees the timer. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (loop.isOnThread()) {
      clear();
    } else {
      loop.post(this::clear);
    }
    return cancelled;
  }

  private void clear() {
    Timeout started = timer;
    if (started != null) {
      timer = null;
      started.clear();
    }
  }

  /** The request of another thread to start the timer. */
  record Start(LoopSleep sleep, Runnable start) implements Runnable {
    @Override
    public void run() {
      start.run();
    }
  }
}
