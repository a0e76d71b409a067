package dev.weft.scheduler.watch;

import dev.weft.frame.Ticks;
import dev.weft.log.LimitedLog;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

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
 * <p>A worker that handles I/O does not sleep, though it may have waited for it asleep: a handler
 * in a user's pipeline can stand still as well as a task can. Nobody else can go on with the I/O
 * loop then; its other work is seen to, and if all loops stand still a further one is opened.
 *
 * <p>What it does is a hint to others and changes no state that anyone relies on: marks are
 * compared with the progress of the worker they were made for, and so lapse by themselves.
 *
 * <p>If tasks block all the workers nobody can help, and it says so: see {@link BlockedWorkers}. If
 * one poll lasts for long, it says so as well: see {@link PollWatch}. That is all it does for an
 * executor with one worker, at a slow pace.
 */
public final class StuckMonitor implements Runnable {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(StuckMonitor.class));

  /** The prototype's figure; Go looks every 20 us at first. */
  private static final int BUSY_MICROS = 500;

  /** Go's figure. */
  private static final int QUIET_MICROS = 10_000;

  /** The pace at which a worker is watched that nobody can help, unless its polls are timed. */
  private static final int ALONE_MICROS = 100_000;

  /** From when on a worker that has made no progress is stuck; that is two looks. Guessed. */
  static final long STUCK_NANOS = 1_000_000;

  /** After how many looks at nothing the looks become less frequent. Go has 50 of 20 us. */
  private static final int QUIET_TICKS = 50;

  /** And after how many further ones at nothing but sleepers it rests. Guessed: 0.1 s. */
  private static final int REST_TICKS = 10;

  private final WatchedCrew crew;
  private final Thread thread;
  private final BlockedWorkers blocked;
  private final PollWatch slow;

  /** True if workers can help each other. */
  private final boolean helping;

  private final int busyMicros;
  private final int quietMicros;

  /** Per worker, what was seen of its progress, and when that was first seen. */
  private final long[] progress;

  private final long[] since;

  private volatile boolean resting;
  private volatile boolean stopped;

  /**
   * Not started.
   *
   * @param crew whom to watch
   * @param name the executor's
   * @param workers how many there will be
   * @param polls is told of those that last for long
   */
  public StuckMonitor(WatchedCrew crew, String name, int workers, SlowPolls polls) {
    this.crew = crew;
    blocked = new BlockedWorkers(crew, name, workers, BlockedWorkers::log);
    slow = new PollWatch(crew::watched, workers, polls, new ThreadProbe());
    helping = workers > 1;
    int step = (int) Math.min(ALONE_MICROS, PollWatch.stepNanos(polls) / 1000);
    busyMicros = helping ? BUSY_MICROS : step;
    quietMicros = helping ? Math.min(QUIET_MICROS, step) : step;
    progress = new long[workers];
    since = new long[workers];
    thread = new Thread(this, name + "-monitor");
    thread.setDaemon(true);
  }

  /** Begins to watch, when the workers are there. */
  public void start() {
    thread.start();
  }

  /** Called by a worker that has risen. */
  public void wakeIfAsleep() {
    if (resting) {
      resting = false; // the next to rise need not
      Ticks.refresh();
      LockSupport.unpark(thread);
    }
  }

  /** Waits for its thread to end, at the most until a time of {@code System.nanoTime()}. */
  public void join(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    if (left > 0) {
      thread.join(Math.max(1, left / 1_000_000));
    }
  }

  /** Ends it. */
  public void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    int quiet = 0;
    int dead = 0;
    long micros = busyMicros;
    while (!stopped) {
      LockSupport.parkNanos(this, micros * 1000);
      long now = System.nanoTime();
      Ticks.moveTo(now);
      say(now);
      if (helping && look(now)) {
        quiet = 0;
        micros = busyMicros;
      } else if (++quiet > QUIET_TICKS) {
        micros = Math.min(2 * micros, quietMicros);
      }
      dead = allAsleep() ? dead + 1 : 0;
      if (dead > REST_TICKS && micros == quietMicros) {
        rest();
        quiet = 0;
        dead = 0;
        micros = busyMicros;
      }
    }
    slow.close();
  }

  private void say(long now) {
    try {
      blocked.look(now);
      slow.look(now);
    } catch (Throwable bug) { // perhaps of a task that is to be named; the others need the monitor
      log.error("The monitor of {} goes on after an error", thread.getName(), bug);
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
    return crew.sleeping() == progress.length;
  }

  /** True if somebody is stuck, or a loop is late. */
  private boolean look(long now) {
    boolean stuck = false;
    // Late without anybody being stuck: its holder runs tasks that are long, but not that long.
    boolean late = crew.isAnyLoopLate(now);
    boolean standing = crew.seeToStandingLoops(now);
    boolean helpNeeded = late;
    WatchedWorker[] workers = crew.watched();
    for (int i = 0; i < workers.length; i++) {
      if (isStuck(i, workers[i], now)) {
        stuck = true;
        helpNeeded |= workers[i].hasStealable();
      }
    }
    if (helpNeeded || (stuck && crew.isTimerDue(now))) {
      crew.wakeHelper();
    }
    return stuck || late || standing;
  }

  private boolean isStuck(int index, WatchedWorker worker, long now) {
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
