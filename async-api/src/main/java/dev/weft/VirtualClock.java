package dev.weft;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock for tests: time stands still until every worker of the executor is idle and no blocking
 * call is under way, and then jumps to the next timer. A test of a one-hour time-out takes no time,
 * and timers fire in order. After Tokio's {@code time::pause} (with its auto-advance).
 *
 * <pre>{@code
 * VirtualClock clock = new VirtualClock();
 * try (var executor = WorkStealingExecutor.builder().clock(clock).noDriver().build()) {
 *   executor.blockOn(() -> executor.sleep(Duration.ofHours(1)));
 *   assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(1));
 * }
 * }</pre>
 *
 * <p>What happens outside the executor, on other threads or in sockets, does not keep the clock
 * from moving. To be used by one executor at a time.
 *
 * <p>It ends after 292 years, and the timers of an executor 139 years after it was made: a sleep
 * that would go beyond is over when that is all that is left to wait for, and every later one at
 * once.
 */
public final class VirtualClock implements Clock {
  private final AtomicLong now = new AtomicLong();

  /** A clock that shows zero. */
  public VirtualClock() {}

  @Override
  public long nanoTime() {
    return now.get();
  }

  /** How much time has passed on this clock. */
  public Duration elapsed() {
    return Duration.ofNanos(now.get());
  }

  @Override
  public boolean isVirtual() {
    return true;
  }

  @Override
  public void skipTo(long nanoTime) {
    now.accumulateAndGet(nanoTime, Math::max);
  }

  @Override
  public String toString() {
    return "a virtual clock at " + elapsed();
  }
}
