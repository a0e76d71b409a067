package dev.weft;

/**
 * What an {@link Interval} does when a tick was asked for too late, by more than five milliseconds.
 * Tokio's {@code time::MissedTickBehavior}, with the same results.
 *
 * <pre>{@code
 * Interval heartbeat = Async.interval(Duration.ofSeconds(1), MissedTickBehavior.DELAY);
 * while (true) {
 *   await(heartbeat.tick());
 *   await(connection.ping()); // if it takes longer than a second, no two follow at once
 * }
 * }</pre>
 */
public enum MissedTickBehavior {
  /**
   * Ticks that were missed come at once, one after the other, until the interval has caught up: as
   * many ticks as there were periods. Tokio's default.
   *
   * <pre>
   *   expected: |     1     |     2     |     3     |     4     |     5     |     6     |
   *   actual:   | work -----|          work          | work | work | work -----| work ---|
   * </pre>
   */
  BURST {
    @Override
    long next(long due, long now, long period) {
      return due + period;
    }
  },

  /** The next tick comes one period after the late one, and the rest follow from there. */
  DELAY {
    @Override
    long next(long due, long now, long period) {
      return now + period;
    }
  },

  /** Missed ticks are left out; the next one comes at a multiple of the period from the start. */
  SKIP {
    @Override
    long next(long due, long now, long period) {
      return now + period - (now - due) % period;
    }
  };

  /**
   * When the tick after a missed one is due.
   *
   * @param due when the missed one was
   */
  abstract long next(long due, long now, long period);
}
