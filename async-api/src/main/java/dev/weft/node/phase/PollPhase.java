package dev.weft.node.phase;

import dev.weft.node.timer.LoopTime;
import dev.weft.node.turn.Turn;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.ThreadDriver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The phase that waits: for I/O in the driver, until the next timer is due, and for what other
 * threads have posted. It blocks unless something is to be done before.
 *
 * <p>{@link #post} may be called from any thread, everything else is confined to the loop's.
 *
 * <h2>No post is slept through</h2>
 *
 * Posting adds to the queue and then unparks the driver, which keeps an unpark that comes before
 * the park. Parking ends before the queue is looked at. So a post is either found by that look, or
 * its unpark ends the next park.
 */
public final class PollPhase {
  /** Guessed: a few milliseconds' worth of small callbacks. */
  private static final int BATCH = 1024;

  private final Turn turn;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final LoopTime time;
  private final PendingPhase pending;

  /** Until {@link #open}: nothing waits in this one, so nothing is to be woken. */
  private Driver driver = new ThreadDriver();

  PollPhase(Turn turn, LoopTime time, PendingPhase pending) {
    this.turn = turn;
    this.time = time;
    this.pending = pending;
  }

  /** Waits in a driver from now on. */
  public void open(Driver opened) {
    driver = opened;
  }

  /** Leaves a callback for the loop; from any thread. */
  public void post(Runnable callback) {
    posted.add(callback);
    driver.unpark();
  }

  /** True if something here keeps the loop alive. */
  boolean hasWork() {
    return hasPosted() || driver.hasSockets();
  }

  /** True if something is left for the loop. From any thread. */
  public boolean hasPosted() {
    return !posted.isEmpty();
  }

  /** Takes back what was left; false if it has been taken. From any thread. */
  public boolean withdraw(Runnable callback) {
    return posted.remove(callback);
  }

  /** Takes one callback without running it: the loop has ended. From any thread. */
  public @Nullable Runnable poll() {
    return posted.poll();
  }

  /**
   * Handles I/O, then what is posted.
   *
   * @param nanos how long to block at most; 0 for not at all, {@link Long#MAX_VALUE} for no limit
   */
  void run(long nanos) {
    turn.makeProgress();
    turn.handlingIo(true);
    if (nanos == 0 || hasPosted()) {
      driver.poll();
    } else {
      Thread.interrupted(); // a callback may have left it set, and then no park would block
      time.startIdle();
      driver.park(nanos);
      time.endIdle();
    }
    turn.handlingIo(false);
    turn.drain(); // what I/O has woken
    runPosted();
  }

  /**
   * Runs what is there, {@value #BATCH} at most. What follows has to let the other phases have
   * their turn, and is the first thing in the next iteration.
   */
  private void runPosted() {
    Runnable callback;
    for (int i = 0; i < BATCH && !turn.isStopped() && (callback = posted.poll()) != null; i++) {
      turn.call(callback);
    }
    for (int i = 0; i < BATCH && (callback = posted.poll()) != null; i++) {
      pending.add(callback);
    }
  }

  /** Closes the driver. */
  public void close() {
    driver.close();
  }
}
