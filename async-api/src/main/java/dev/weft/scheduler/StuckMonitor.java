package dev.weft.scheduler;

import java.util.concurrent.locks.LockSupport;

/**
 * Watches for workers that have been in one poll of a frame for too long, and has another worker
 * see to what they leave lying: their queues, timers that are due, I/O loops. In the manner of Go's
 * {@code sysmon} (runtime/proc.go), a thread of its own: a worker that is stuck cannot say so.
 *
 * <p>It looks every {@value #BUSY_MICROS} us while something happens, less and less often while
 * workers make progress, up to every {@value #QUIET_MICROS} us, and sleeps when they all sleep. The
 * first worker to rise wakes it:
 *
 * <pre>
 *   monitor: write resting;       read who sleeps; rest if all do
 *   worker:  leave the idle set;  read resting;    wake it if it rests
 * </pre>
 *
 * All volatile, so one sees the other (Dekker's pattern).
 *
 * <p>What it does is a hint to others and changes no state that anyone relies on: marks are
 * compared with the progress of the worker they were made for, and so lapse by themselves. An
 * executor with one worker has nobody to help it, and no monitor.
 */
final class StuckMonitor implements Runnable {
  /** The prototype's figure; Go looks every 20 us at first. */
  private static final int BUSY_MICROS = 500;

  /** Go's figure. */
  private static final int QUIET_MICROS = 10_000;

  /** From when on a worker that has made no progress is stuck; that is two looks. Guessed. */
  static final long STUCK_NANOS = 1_000_000;

  /** After how many looks at nothing the looks become less frequent. Go has 50 of 20 us. */
  private static final int QUIET_TICKS = 50;

  /** And after how many further ones at nothing but sleepers it rests. Guessed: 0.1 s. */
  private static final int REST_TICKS = 10;

  private final Scheduler scheduler;
  private final Thread thread;
  private final boolean needed;

  /** Per worker, what was seen of its progress, and when that was first seen. */
  private final long[] progress;

  private final long[] since;

  private volatile boolean resting;
  private volatile boolean stopped;

  StuckMonitor(Scheduler scheduler, Scheduler.Config config) {
    this.scheduler = scheduler;
    needed = config.workers() > 1;
    progress = new long[config.workers()];
    since = new long[config.workers()];
    thread = new Thread(this, config.name() + "-monitor");
    thread.setDaemon(true);
  }

  void start() {
    if (needed) {
      thread.start();
    }
  }

  /** Called by a worker that has risen. */
  void wakeIfAsleep() {
    if (resting) {
      resting = false; // the next to rise need not
      LockSupport.unpark(thread);
    }
  }

  void join(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    if (left > 0) {
      thread.join(Math.max(1, left / 1_000_000));
    }
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    int quiet = 0;
    int dead = 0;
    long micros = BUSY_MICROS;
    while (!stopped) {
      LockSupport.parkNanos(this, micros * 1000);
      if (look(System.nanoTime())) {
        quiet = 0;
        micros = BUSY_MICROS;
      } else if (++quiet > QUIET_TICKS) {
        micros = Math.min(2 * micros, QUIET_MICROS);
      }
      dead = allAsleep() ? dead + 1 : 0;
      if (dead > REST_TICKS && micros == QUIET_MICROS) {
        rest();
        quiet = 0;
        dead = 0;
        micros = BUSY_MICROS;
      }
    }
  }

  private void rest() {
    resting = true;
    while (resting && !stopped && allAsleep()) {
      LockSupport.park(this);
    }
    resting = false;
  }

  private boolean allAsleep() {
    return scheduler.idle.sleeping() == progress.length;
  }

  /** True if somebody is stuck, or a loop is late. */
  private boolean look(long now) {
    boolean stuck = false;
    // Late without anybody being stuck: its holder runs tasks that are long, but not that long.
    boolean late = scheduler.seats.isAnyLate(now);
    boolean helpNeeded = late;
    for (Worker worker : scheduler.workers()) {
      if (isStuck(worker, now)) {
        stuck = true;
        helpNeeded |= worker.queue.hasStealable();
      }
    }
    if (helpNeeded || (stuck && scheduler.timers.isDue(scheduler.timerTime(now)))) {
      scheduler.wakeHelper();
    }
    return stuck || late;
  }

  private boolean isStuck(Worker worker, long now) {
    int index = worker.index;
    long seen = worker.progress();
    if (seen != progress[index] || worker.isAsleep()) {
      progress[index] = seen;
      since[index] = now;
      return false;
    }
    if (now - since[index] < STUCK_NANOS) {
      return false;
    }
    worker.markStuck(seen);
    return true;
  }
}
