package dev.weft.scheduler.thread;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that an executor has started, so that its end can wait for theirs. A thread cannot
 * leave by itself, as it would do so before its end; those that have ended are dropped now and
 * then.
 */
public final class StartedThreads {
  /** Below this many it is not worth while to look. Guessed. */
  private static final int MIN_LIMIT = 64;

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private volatile int limit = MIN_LIMIT;

  /** To be called by each thread, first. */
  public void addCurrent() {
    threads.add(Thread.currentThread());
    if (threads.size() > limit) {
      threads.removeIf(thread -> !thread.isAlive());
      limit = Math.max(MIN_LIMIT, 2 * threads.size());
    }
  }

  /** Those that may be alive. */
  public Set<Thread> all() {
    return threads;
  }

  /** Waits for all to end, at the most until a time of {@code System.nanoTime()}. */
  public void join(long deadline) throws InterruptedException {
    for (Thread thread : threads) {
      long left = deadline - System.nanoTime();
      if (left > 0 && thread != Thread.currentThread()) {
        thread.join(Math.max(1, left / 1_000_000));
      }
    }
  }
}
