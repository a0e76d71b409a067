package dev.weft.inspect;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.sleep;

import dev.weft.AsyncExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last look at all tasks, for all pages that are open. A request makes the next one, when the
 * {@link Budget} has it; others are answered from the last. So where no page is open, nothing runs.
 *
 * <p>What was seen is let go of when nobody has asked for some time, by a task that waits for that,
 * and ends then.
 */
final class Scans {
  /** Longer than an open page takes to ask again, be its computer busy. Guessed. */
  static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * A search for deadlocks has an eighth of a percent, as what it finds stays. It takes about as
   * long as a look (measured, with 100,000 tasks: 20 to 65 ms, and 30 to 110 ms), which says when
   * to make the first. So with these it is made once a minute, with 1,000 at each look.
   */
  private static final int DEADLOCK_SHARE = 800;

  private final AsyncExecutor own;
  private final LongSupplier clock;
  private final Budget budget;
  private final Scan scan;
  private boolean taken;
  private boolean searched;
  private long takenAt;
  private long costNanos;
  private final LongSupplier cpu;
  private long askedAt;
  private long firstAt;
  private long deadlocksDueAt;
  private boolean waiting;

  /**
   * @param own the inspector's own executor
   * @param clock the program's time, in nanoseconds
   * @param cpu the CPU time of the inspector's thread so far, in nanoseconds
   */
  Scans(AsyncExecutor own, Scan scan, LongSupplier clock, LongSupplier cpu) {
    this.own = own;
    this.scan = scan;
    this.clock = clock;
    this.cpu = cpu;
    this.budget = new Budget(clock, cpu);
  }

  /** The last look, or a new one if it is time. */
  Scan current() {
    askedAt = clock.getAsLong();
    if (!taken || budget.nanosLeft() <= 0) {
      take();
    }
    return scan;
  }

  /** The last look, as it is. */
  @Nullable Scan last() {
    return taken ? scan : null;
  }

  private void take() {
    budget.begin();
    long before = cpu.getAsLong();
    scan.take();
    costNanos = cpu.getAsLong() - before;
    budget.end();
    takenAt = clock.getAsLong();
    if (!taken) { // somebody waits for the first rows
      taken = true;
      firstAt = takenAt;
    } else {
      searchIfDue();
    }
    if (!waiting) {
      waiting = true;
      own.spawn("forget", this::forgetWhenNobodyAsks);
    }
  }

  private void searchIfDue() {
    long dueAt = searched ? deadlocksDueAt : firstAt + DEADLOCK_SHARE * costNanos;
    if (clock.getAsLong() - dueAt < 0) {
      return;
    }
    long before = cpu.getAsLong();
    scan.findDeadlocks();
    long cost = cpu.getAsLong() - before;
    budget.exclude(cost);
    searched = true;
    deadlocksDueAt = clock.getAsLong() + DEADLOCK_SHARE * cost;
  }

  private CompletableFuture<@Nullable Void> forgetWhenNobodyAsks() {
    try {
      long left;
      // Not before the next look may be: else who opens and closes pages had it made each time.
      while ((left = Math.max(nanosKept(), budget.nanosLeft())) > 0) {
        await(sleep(Duration.ofNanos(left)));
      }
      return done();
    } finally {
      waiting = false;
      taken = false;
      scan.drop();
    }
  }

  private long nanosKept() {
    return KEPT_NANOS - (clock.getAsLong() - askedAt);
  }

  /** How old the last look is. */
  long ageNanos() {
    return clock.getAsLong() - takenAt;
  }

  /** What it has cost, in CPU time. */
  long costNanos() {
    return costNanos;
  }

  /** When to ask again for a new one: at once if 0. */
  long nanosLeft() {
    return Math.max(0, budget.nanosLeft());
  }
}
