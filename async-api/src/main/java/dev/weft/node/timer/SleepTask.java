package dev.weft.node.timer;

import dev.weft.Task;
import dev.weft.node.Timeout;
import dev.weft.node.host.LoopThread;
import org.jspecify.annotations.Nullable;

/** The task that {@code sleep} returns: completed by a timer of the loop. */
public final class SleepTask extends Task<@Nullable Void> implements Runnable {
  private final LoopThread loop;
  private final TimersPhase timers;

  /** The loop's thread alone. */
  private @Nullable Timeout timer;

  /** What is left when the timer fires, for a time that is too long for one. */
  private long left;

  SleepTask(LoopThread loop, TimersPhase timers) {
    this.loop = loop;
    this.timers = timers;
  }

  /** Starts the timer. On the loop's thread. */
  void start(long millis) {
    if (!isDone()) {
      int first = (int) Math.min(millis, TimersPhase.MAX_MILLIS);
      left = millis - first;
      timer = timers.start(this, first, false);
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
  public record Start(SleepTask sleep, Runnable start) implements Runnable {
    @Override
    public void run() {
      start.run();
    }
  }
}
