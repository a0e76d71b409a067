package dev.weft.scheduler.thread;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import dev.weft.log.LimitedLog;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * Ends the frames of an executor that was halted: a thread that is started when there is one to be
 * rejected, and ends when there is none. Not on the threads that wake such frames, which are
 * anyone's, nor on the one that closes the executor, which has a bound to keep.
 */
public final class Reaper {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(Reaper.class));

  private final String name;
  private final AsyncExecutor executor;
  private final BooleanSupplier rejectNext;

  /** Guarded by this. */
  private boolean active;

  /** Guarded by this. */
  private boolean summoned;

  /**
   * @param name the executor's
   * @param rejectNext takes what was queued first and rejects it; false if there is nothing
   */
  public Reaper(String name, AsyncExecutor executor, BooleanSupplier rejectNext) {
    this.name = name;
    this.executor = executor;
    this.rejectNext = rejectNext;
  }

  /** To be called when a frame was queued. From any thread. */
  public void summon() {
    synchronized (this) {
      summoned = true;
      if (active) {
        return;
      }
      active = true;
    }
    Thread thread = new WorkerThread(this::run, name + "-halted", new Halted(executor));
    thread.setContextClassLoader(null);
    try {
      thread.start();
    } catch (Throwable noThread) {
      synchronized (this) {
        active = false; // whoever queues the next frame tries again
        notifyAll();
      }
      throw noThread;
    }
  }

  private boolean rejectNextSafely() {
    try {
      return rejectNext.getAsBoolean();
    } catch (Throwable bug) {
      log.error("A frame of {} could not be rejected", name, bug);
      return true; // there may be others
    }
  }

  private void run() {
    Carrier carrier = ((WorkerThread) Thread.currentThread()).carrier();
    while (true) {
      do {
        carrier.forgetPolled();
        carrier.resetBudget();
      } while (rejectNextSafely());
      synchronized (this) {
        if (!summoned) {
          active = false;
          notifyAll();
          return;
        }
        summoned = false;
      }
    }
  }

  /** Waits until there is nothing to do, at the most until a time of {@code System.nanoTime()}. */
  public synchronized void awaitIdle(long deadline) throws InterruptedException {
    for (long left; active && (left = deadline - System.nanoTime()) > 0; ) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }

  /** Every await suspends here, and is rejected. */
  private static final class Halted extends Carrier {
    private final AsyncExecutor executor;

    Halted(AsyncExecutor executor) {
      super(NO_BUDGET);
      this.executor = executor;
    }

    @Override
    public AsyncExecutor executor() {
      return executor;
    }

    @Override
    public boolean isHalted() {
      return true;
    }

    @Override
    public void beforeBlocking() {
      // Nobody depends on this thread.
    }

    @Override
    public boolean mayBlock() {
      return true;
    }
  }
}
