package dev.weft.node;

import java.util.function.LongSupplier;

/**
 * How the loop spends its time: idle in its poll, or active. Written by the loop's thread, read by
 * any.
 */
final class LoopTime {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier nanoClock;
  private final long origin;

  /** The idle time so far, and since when the loop is idle; 0 while it is active. */
  private volatile long idleNanos;

  private volatile long idleSince;

  LoopTime(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.origin = nanoClock.getAsLong();
  }

  /** The whole milliseconds since the loop was made. */
  long millis() {
    return nanos() / NANOS_PER_MILLI;
  }

  long nanos() {
    return nanoClock.getAsLong() - origin;
  }

  void startIdle() {
    idleSince = Math.max(1, nanos());
  }

  /** The poll has something to do, or is over. Does nothing the second time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void endIdle() {
    long since = idleSince;
    if (since != 0) {
      idleNanos += nanos() - since;
      idleSince = 0;
    }
  }

  LoopUtilization utilization() {
    long now = nanos();
    long since = idleSince;
    long idle = idleNanos + (since == 0 ? 0 : now - since);
    return LoopUtilization.of(Math.max(0, Math.min(idle, now)), now);
  }
}
