package dev.weft.scheduler;

import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.watch.Takeover;
import dev.weft.scheduler.watch.WatchedWorker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What others see of a worker, and by which they find out whether it is stuck. It counts what it
 * does; the monitor compares two looks at that and marks what has not changed; the mark lapses by
 * itself when the worker goes on.
 */
final class SignsOfLife implements WatchedWorker {
  private static final VarHandle ROUNDS;
  private static final VarHandle STUCK_AT;
  private static final VarHandle THREAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ROUNDS = lookup.findVarHandle(SignsOfLife.class, "rounds", long.class);
      STUCK_AT = lookup.findVarHandle(SignsOfLife.class, "stuckAt", long.class);
      THREAD = lookup.findVarHandle(SignsOfLife.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long NEVER = -1;

  private final WorkerCounters counters;
  private final LocalQueue queue;

  /** Counts the looks at events, and the sleeps. Opaque, as the counters are. */
  private long rounds;

  /** The progress at which the monitor has found this worker stuck. Opaque as well. */
  @SuppressWarnings("unused") // through STUCK_AT
  private long stuckAt = NEVER;

  /** True while this worker sleeps, for the monitor. */
  private volatile boolean asleep;

  private volatile @Nullable Takeover takeover;

  /**
   * The thread that runs the worker now. Written by it, before anything else; released, and
   * acquired by the monitor.
   */
  @SuppressWarnings("unused") // through THREAD
  private Thread thread;

  /**
   * Of a worker that has not started.
   *
   * @param first the thread that will run it
   */
  SignsOfLife(WorkerCounters counters, LocalQueue queue, Thread first) {
    this.counters = counters;
    this.queue = queue;
    this.thread = first;
  }

  // ---- on the thread of another worker

  /** That one has taken the I/O loop of this one. False if it was taken in the same poll before. */
  boolean loopTaken(int by, long now) {
    long at = progress();
    Takeover last = takeover;
    if (last != null && last.progress() == at) {
      return false;
    }
    takeover = new Takeover(at, by, now);
    return true;
  }

  // ---- on the worker's own thread

  void moveTo(Thread next) {
    THREAD.setRelease(this, next);
  }

  void countRound() {
    ROUNDS.setOpaque(this, rounds + 1);
  }

  void setAsleep(boolean now) {
    asleep = now;
  }

  // ---- from any thread

  @Override
  public long progress() {
    return (long) ROUNDS.getOpaque(this) + counters.get(WorkerCounters.POLLS);
  }

  @Override
  public boolean isAsleep() {
    return asleep;
  }

  @Override
  public Thread thread() {
    return (Thread) THREAD.getAcquire(this);
  }

  @Override
  public void markStuck(long sameProgress) {
    STUCK_AT.setOpaque(this, sameProgress);
  }

  /**
   * True while this worker is in the poll for which it was marked. Asked for each write to a loop
   * that another has: of one that never was, its counters are left in its processor's cache.
   */
  boolean isStuck() {
    long at = (long) STUCK_AT.getOpaque(this);
    return at != NEVER && at == progress();
  }

  @Override
  public @Nullable Takeover takeover() {
    return takeover;
  }

  @Override
  public boolean hasStealable() {
    return queue.hasStealable();
  }
}
