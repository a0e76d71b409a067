package dev.weft.scheduler.watch;

import dev.weft.frame.Ticks;
import dev.weft.log.LimitedLog;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Watches the one thread of an event loop for callbacks that keep it for long; see {@link
 * PollWatch}. A daemon thread of its own, which looks ten times in the threshold while the loop is
 * active, and rests when the loop was idle for a while. Whatever makes the loop active wakes it:
 *
 * <pre>
 *   monitor: write resting;   read whether the loop is idle; rest if it is
 *   loop:    end being idle;  read resting;                  wake it if it rests
 * </pre>
 *
 * All volatile, so one sees the other. That read is all that the loop pays.
 *
 * <p>What a driver's own handlers do before they give the loop anything to run counts as idle, and
 * is not watched.
 */
public final class LoopMonitor implements WatchedWorker, Runnable {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(LoopMonitor.class));

  /** After how many looks at an idle loop it rests. As the workers' monitor. */
  private static final int REST_TICKS = 10;

  private final String name;
  private final LongSupplier progress;
  private final BooleanSupplier idle;
  private final SlowPolls polls;
  private final PollWatch watch;
  private final long step;

  /** The loop's; written by it before this one is started. */
  private volatile Thread loop;

  private volatile @Nullable Thread thread;
  private volatile boolean resting;
  private volatile boolean stopped;

  /**
   * Not started.
   *
   * @param name the loop's
   * @param progress changes with each callback
   * @param idle whether the loop waits
   * @param polls is told
   */
  public LoopMonitor(String name, LongSupplier progress, BooleanSupplier idle, SlowPolls polls) {
    this.name = name;
    this.progress = progress;
    this.idle = idle;
    this.polls = polls;
    WatchedWorker[] one = {this};
    watch = new PollWatch(() -> one, 1, polls, new ThreadProbe());
    step = PollWatch.stepNanos(polls);
    loop = Thread.currentThread();
  }

  /** Begins to watch the calling thread, the loop's; or nothing, if there is nothing to be told. */
  public void start() {
    if (polls.isOn()) {
      loop = Thread.currentThread();
      // Nothing is inherited: what a main script leaves in thread-locals is not for this one.
      Thread made = new Thread(null, this, name + "-monitor", 0, false);
      made.setDaemon(true);
      thread = made;
      made.start();
    }
  }

  /** Called by the loop when it has something to do again. */
  public void wakeIfAsleep() {
    if (resting) {
      resting = false;
      LockSupport.unpark(thread);
    }
  }

  /** Ends it; does nothing if it was not started. */
  public void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    int quiet = 0;
    while (!stopped) {
      LockSupport.parkNanos(this, step);
      look();
      quiet = isAsleep() ? quiet + 1 : 0;
      if (quiet > REST_TICKS) {
        rest();
        quiet = 0;
      }
    }
    watch.close();
  }

  private void look() {
    long now = System.nanoTime();
    Ticks.moveTo(now);
    try {
      watch.look(now);
    } catch (Throwable bug) { // perhaps of a task that is to be named
      log.error("The monitor of {} goes on after an error", name, bug);
    }
  }

  private void rest() {
    resting = true;
    while (resting && !stopped && isAsleep()) {
      LockSupport.park(this);
    }
    resting = false;
  }

  // ---- the loop, as it is watched

  @Override
  public long progress() {
    return progress.getAsLong();
  }

  @Override
  public boolean isAsleep() {
    return idle.getAsBoolean();
  }

  @Override
  public Thread thread() {
    return loop;
  }

  @Override
  public void markStuck(long sameProgress) {
    // There is nobody else to help.
  }

  @Override
  public boolean hasStealable() {
    return false;
  }
}
