package dev.weft.scheduler;

import dev.weft.frame.Frame;
import dev.weft.scheduler.metrics.WorkerCounters;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lets a thief take the frame in another worker's LIFO slot once it has waited for 100 us, as
 * Kotlin's scheduler does, and not before: the slot is what that worker polls next, while what the
 * frame needs is in its cache.
 *
 * <p>Kotlin notes with each task when it was submitted. Here the owner notes nothing. The thief
 * does, when it comes by twice: the same frame in the slot, and no frame polled in between, means
 * that the slot has not changed since its first visit. (Without the count of polls it might be the
 * same frame again, and not still.)
 *
 * <p>So a searcher that finds nothing but such a frame comes back after 100 us, {@link #wantsNap}
 * says so, and only once: if the worker has polled something by then it needs no help. A worker
 * that stands still later on is the monitor's business, which wakes a searcher for it.
 *
 * <p>One for each worker, as a thief; confined to its thread.
 */
final class LifoGate {
  /** Kotlin's {@code kotlinx.coroutines.scheduler.resolution.ns}. */
  static final long AGE_NANOS = 100_000;

  private final @Nullable Frame<?>[] seen;
  private final long[] polls;
  private final long[] since;
  private boolean watching;
  private boolean napped;
  private int victim;

  LifoGate(int workers) {
    seen = new Frame<?>[workers];
    polls = new long[workers];
    since = new long[workers];
  }

  /** Takes a frame that has waited for long enough; null if there is none. */
  @Nullable Frame<?> steal(Worker[] workers, Worker thief) {
    long now = 0;
    for (Worker victim : workers) {
      Frame<?> frame = victim == thief ? null : victim.queue.peekLifo();
      if (frame == null) {
        continue;
      }
      if (now == 0) {
        now = System.nanoTime();
      }
      if (!isStill(victim, frame)) {
        watch(victim, frame, now);
      } else if (now - since[victim.index] >= AGE_NANOS && victim.queue.stealLifo(frame)) {
        this.victim = victim.index;
        return frame;
      }
    }
    return null;
  }

  /** The number of the worker that a frame was last taken from. */
  int victim() {
    return victim;
  }

  private boolean isStill(Worker victim, Frame<?> frame) {
    int index = victim.index;
    return seen[index] == frame && polls[index] == victim.counters.get(WorkerCounters.POLLS);
  }

  private void watch(Worker victim, Frame<?> frame, long now) {
    int index = victim.index;
    polls[index] = victim.counters.get(WorkerCounters.POLLS);
    since[index] = now;
    // The count was read after the frame. Once more the other way round: were the frame polled and
    // put back between the two, it would look older than it is.
    if (victim.queue.peekLifo() == frame) {
      seen[index] = frame;
      watching = true;
    }
  }

  /** True if the thief, about to sleep, had better come back after {@link #AGE_NANOS}. */
  boolean wantsNap() {
    boolean wanted = watching && !napped;
    napped = wanted;
    watching = false;
    return wanted;
  }

  /**
   * To be called when the thief sleeps for good: a frame seen must not be kept from the collector.
   */
  void forget() {
    Arrays.fill(seen, null);
    watching = false;
    napped = false;
  }
}
