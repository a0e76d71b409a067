package dev.weft.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntPredicate;

/**
 * Which workers sleep and how many are searching for work, and hence whom to wake and whether to
 * wake at all. After Tokio's {@code multi_thread/idle.rs}.
 *
 * <pre>
 *   RUNNING   --startSearching--&gt; SEARCHING      unless half of the workers search already
 *   SEARCHING --stopSearching---&gt; RUNNING        found work; the last to do so wakes the next
 *   RUNNING, SEARCHING --sleep--&gt; ASLEEP         announced; looks once more, then blocks
 *   ASLEEP --takeSleeper--&gt; SEARCHING            by another thread, which then unparks it
 *   ASLEEP --rise--&gt; RUNNING                     by itself: I/O, a timer, work seen late
 * </pre>
 *
 * <h2>No wake-up is lost</h2>
 *
 * A thread with new work pushes it to the injection queue and then reads {@code state}; a worker
 * that goes to sleep writes {@code state} and then reads the queues. All are volatile, so in their
 * one order either the pusher sees a sleeper, and wakes it, or the worker sees the work, and rises
 * (Dekker's pattern).
 *
 * <p>A pusher that sees a searcher wakes nobody. That searcher either finds work, and then, being
 * the last to search, wakes another to look for more; or finds none and goes to sleep, that is,
 * writes {@code state} after the pusher has read it and looks at the queues after that.
 *
 * <p>A worker that pushes to its <em>own</em> queue does without the fence between its store and
 * its look at {@code state}, which would be the dearest part of a push. What it may miss is a
 * sibling that falls asleep at that moment:
 *
 * <pre>
 *   worker 0: read state (nobody sleeps)        | worker 1: write state (asleep)
 *             its push becomes visible          |           read queue 0 (empty), block
 * </pre>
 *
 * The frame is not lost: worker 0 is awake and polls it. What is lost is help, until worker 0's
 * next push or its next look at its backlog, at most 61 polls later.
 */
final class IdleSet {
  private static final VarHandle STATE;
  private static final int SEARCHER = 1 << 16;
  private static final int SLEEPERS = SEARCHER - 1;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(IdleSet.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int workers;

  /** Searchers in the upper half, sleepers in the lower. The latter changes under the lock only. */
  @SuppressWarnings("unused") // through STATE
  private volatile int state;

  /** Sleepers by worker index, the newest last. Guarded by this. */
  private final int[] sleepers;

  private int count;

  IdleSet(int workers) {
    if (workers < 1 || workers > SLEEPERS) {
      throw new IllegalArgumentException("workers: " + workers);
    }
    this.workers = workers;
    this.sleepers = new int[workers];
  }

  /** True if waking somebody would help: one sleeps and nobody searches. From any thread. */
  boolean wantsWake() {
    int now = state;
    return now != 0 && now < SEARCHER;
  }

  /** How many workers sleep; a moment old. */
  int sleeping() {
    return state & SLEEPERS;
  }

  /** How many workers search; a moment old. */
  int searching() {
    return state / SEARCHER;
  }

  /**
   * Takes the newest sleeper, if {@link #wantsWake}. The caller must unpark it; it searches now.
   */
  int takeSleeper() {
    return wantsWake() ? take(true) : NOBODY;
  }

  /** As {@link #takeSleeper}, whether somebody searches or not. */
  int takeSleeperAnyway() {
    return sleeping() > 0 ? take(false) : NOBODY;
  }

  /** As {@link #takeSleeperAnyway}, the newest of those that are suitable. */
  synchronized int takeSleeperWhich(IntPredicate suitable) {
    for (int i = count - 1; i >= 0; i--) {
      int sleeper = sleepers[i];
      if (suitable.test(sleeper)) {
        System.arraycopy(sleepers, i + 1, sleepers, i, --count - i);
        STATE.getAndAdd(this, SEARCHER - 1);
        return sleeper;
      }
    }
    return NOBODY;
  }

  /** No worker's index. */
  static final int NOBODY = -1;

  private synchronized int take(boolean onlyIfNobodySearches) {
    // Again under the lock: of two threads that saw the same sleeper only one is to wake someone.
    if (count == 0 || (onlyIfNobodySearches && state >= SEARCHER)) {
      return NOBODY;
    }
    STATE.getAndAdd(this, SEARCHER - 1);
    return sleepers[--count];
  }

  /** Asks to search. Half of the workers at most do; more would only get into each other's way. */
  boolean startSearching() {
    int now = state;
    if (2 * (now / SEARCHER) >= workers) {
      return false; // a race may let one more in, which does no harm
    }
    STATE.getAndAdd(this, SEARCHER);
    return true;
  }

  /** Ends a search. True if this was the last searcher. */
  boolean stopSearching() {
    return (int) STATE.getAndAdd(this, -SEARCHER) / SEARCHER == 1;
  }

  /** Announces that the worker goes to sleep; then it must look at all queues before it blocks. */
  synchronized void sleep(int worker, boolean searching) {
    sleepers[count++] = worker;
    STATE.getAndAdd(this, searching ? 1 - SEARCHER : 1);
  }

  /**
   * Called by the worker when it is awake.
   *
   * @return true if it was woken to search, and counts as searching
   */
  synchronized boolean rise(int worker) {
    for (int i = count - 1; i >= 0; i--) {
      if (sleepers[i] == worker) {
        System.arraycopy(sleepers, i + 1, sleepers, i, --count - i);
        STATE.getAndAdd(this, -1);
        return false;
      }
    }
    return true;
  }

  @Override
  public synchronized String toString() {
    return count + " asleep, " + searching() + " searching, of " + workers;
  }
}
