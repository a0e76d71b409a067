package dev.weft.perf.load;

import java.time.Duration;

/**
 * When a run begins, counts, and ends, in nanoseconds of {@link System#nanoTime}.
 *
 * @param start when the first messages are sent
 * @param from the end of the warm-up: what is sent, or due, from then on is measured
 * @param until what is due from then on is not sent any more
 * @param giveUp replies that have not come by then are lost
 */
record Clock(long start, long from, long until, long giveUp) {
  /** Time for all threads to get ready. */
  private static final long LEAD = Duration.ofMillis(20).toNanos();

  static Clock of(LoadPlan plan) {
    long start = System.nanoTime() + LEAD;
    long from = start + plan.warmup().toNanos();
    long until = from + plan.duration().toNanos();
    return new Clock(start, from, until, until + plan.drain().toNanos());
  }

  boolean measures(long time) {
    return time - from >= 0 && time - until < 0;
  }

  /** Sleeps until then. */
  static void sleepUntil(long time) throws InterruptedException {
    for (long left; (left = time - System.nanoTime()) > 0; ) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
