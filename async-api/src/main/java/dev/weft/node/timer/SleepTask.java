package dev.weft.node.timer;

import dev.weft.Task;
import dev.weft.node.Timeout;
import dev.weft.node.host.LoopThread;
import dev.weft.time.Seconds;
import org.jspecify.annotations.Nullable;

/** The task that {@code sleep} returns: completed by a timer of the loop. */
public final class SleepTask extends Task<@Nullable Void> implements Runnable {
  private final LoopThread loop;
  private final TimersPhase timers;

  /** The loop's thread alone. */
  private @Nullable Timeout timer;

  /** What is left when the timer fires, for a time that is too long for one. */
  private long left;

  private final LoopTime time;
  private final long due;

  /**
   * One that is yet to be started.
   *
   * @param due when it is to end, in nanoseconds of the loop's time; for reports
   */
  SleepTask(LoopThread loop, TimersPhase timers, LoopTime time, long due) {
    this.loop = loop;
    this.timers = timers;
    this.time = time;
    this.due = due;
  }

  @Override
  protected String describeWait() {
    return "a sleep, " + Seconds.ofNanos(due - time.nanos()) + " left";
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
