package dev.weft;

import dev.weft.frame.Settled;
import dev.weft.time.Nanos;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ticks at a fixed rate, for a loop that awaits them:
 *
 * <pre>{@code
 * Interval interval = Async.interval(Duration.ofSeconds(1), MissedTickBehavior.SKIP);
 * while (true) {
 *   await(interval.tick());
 *   report();
 * }
 * }</pre>
 *
 * <p>The first tick comes at once. When the others come does not depend on how long the work
 * between them takes, as long as it takes less than the period; what if not, {@link
 * MissedTickBehavior} says. Tokio's {@code time::interval}. Not for use by more than one task at a
 * time.
 */
public final class Interval {
  /** A tick that is late by no more than this was not missed. Tokio's figure. */
  private static final long TOLERANCE_NANOS = 5_000_000;

  private final AsyncExecutor executor;
  private final long period;
  private final MissedTickBehavior behavior;

  /** When the next tick is due, on the executor's clock. */
  private long due;

  Interval(AsyncExecutor executor, Duration period, MissedTickBehavior behavior) {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period must be positive, not " + period);
    }
    this.executor = executor;
    this.period = Nanos.of(period);
    this.behavior = behavior;
    this.due = executor.nanoTime();
  }

  /**
   * The next tick. Await it before asking for another one.
   *
   * @return a task that completes when the tick is due, with a resolution of one millisecond; it is
   *     complete if the tick is due already. If it is cancelled the tick has not been used up.
   */
  public Task<@Nullable Void> tick() {
    long now = executor.nanoTime();
    if (due - now <= 0) {
      advance(now);
      return Settled.value(null);
    }
    Task<@Nullable Void> sleep = executor.sleep(Duration.ofNanos(due - now));
    sleep.whenComplete(
        (nothing, cancelled) -> {
          if (cancelled == null) {
            advance(executor.nanoTime()); // before whoever awaits the tick is woken
          }
        });
    return sleep;
  }

  private void advance(long now) {
    due = now - due > TOLERANCE_NANOS ? behavior.next(due, now, period) : due + period;
  }

  /** Starts anew: the next tick comes one period from now. */
  public void reset() {
    due = executor.nanoTime() + period;
  }

  /** The time from one tick to the next; 146 years if it was given as more than that. */
  public Duration period() {
    return Duration.ofNanos(period);
  }
}
