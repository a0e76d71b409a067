package dev.weft.node;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/** The task that {@code sleep} returns: completed by a timer of the loop. */
final class LoopSleep extends Task<@Nullable Void> implements Runnable {
  private final EventLoop loop;

  /** The loop's thread alone. */
  private @Nullable Timeout timer;

  /** What is left when the timer fires, for a time that is too long for one. */
  private long left;

  LoopSleep(EventLoop loop) {
    this.loop = loop;
  }

  /** Starts the timer. On the loop's thread. */
  void start(long millis) {
    if (!isDone()) {
      int first = (int) Math.min(millis, Timeout.MAX_MILLIS);
      left = millis - first;
      timer = loop.timers().start(this, first, false);
    }
  }

  @Override
  public void run() {
    if (left > 0) {
      start(left);
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

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
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
