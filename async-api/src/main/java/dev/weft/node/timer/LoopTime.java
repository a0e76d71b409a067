package dev.weft.node.timer;

import dev.weft.frame.Ticks;
import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.Park;
import dev.weft.node.LoopUtilization;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the loop spends its time: idle in its poll, or active. Written by the loop's thread, read by
 * any.
 */
public final class LoopTime {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier nanoClock;
  private final Runnable onActive;
  private final long origin;

  /**
   * The idle time, in one word so that a reader sees all of it: shifted left by one, the
   * nanoseconds so far while the loop is active; while it is idle, and the lowest bit is 1, that
   * minus the time since when it is.
   */
  private volatile long idle;

  /** The idle time that is recorded, from its begin to its end. The loop's thread's. */
  private @Nullable Park park;

  /**
   * Begins now.
   *
   * @param onActive is told, on the loop's thread, that the loop has something to do again
   */
  public LoopTime(LongSupplier nanoClock, Runnable onActive) {
    this.nanoClock = nanoClock;
    this.onActive = onActive;
    this.origin = nanoClock.getAsLong();
  }

  /** The whole milliseconds since the loop was made. */
  public long millis() {
    return nanos() / NANOS_PER_MILLI;
  }

  /** The time since the loop was made. From any thread. */
  public long nanos() {
    return nanoClock.getAsLong() - origin;
  }

  /** The loop is about to wait. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void startIdle() {
    idle = (((idle >> 1) - nanos()) << 1) | 1;
    if (FlightSwitch.isOn()) {
      park = Park.beginIfWanted();
    }
  }

  /** The poll has something to do, or is over. Does nothing the second time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void endIdle() {
    long now = idle;
    if ((now & 1) != 0) {
      idle = ((now >> 1) + nanos()) << 1;
      Ticks.refresh();
      onActive.run();
      Park recorded = park;
      if (recorded != null) {
        park = null;
        recorded.emit(true);
      }
    }
  }

  /** True while the loop waits. From any thread. */
  public boolean isIdle() {
    return (idle & 1) != 0;
  }

  /** How the time was spent so far. From any thread. */
  public LoopUtilization utilization() {
    long seen = idle; // before the clock: an idle time that begins later must not count as negative
    long now = nanos();
    long total = (seen >> 1) + ((seen & 1) == 0 ? 0 : now);
    return utilizationOf(Math.max(0, Math.min(total, now)), now);
  }

  private static LoopUtilization utilizationOf(long idleNanos, long totalNanos) {
    return new LoopUtilization(idleNanos, totalNanos - idleNanos);
  }
}
