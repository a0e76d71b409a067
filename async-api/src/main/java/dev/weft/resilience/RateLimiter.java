package dev.weft.resilience;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.handoff.WaitQueue;
import dev.weft.handoff.Waiting;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * So many permits in a time, and no more: a token bucket. It fills at an even rate up to its
 * capacity, which is the largest burst; who wants more than there is waits.
 *
 * <pre>{@code
 * static CompletableFuture<Price> politely(RateLimiter limiter, Shop shop, Item item) {
 *   await(limiter.acquire());            // RateLimiter.of(100, Duration.ofSeconds(1)): 100 a second
 *   return shop.price(item);
 * }
 * }</pre>
 *
 * <p>It is fair: who came first goes first, and nobody passes one who waits, however few permits it
 * wants. Who is cancelled while it waits leaves the queue and takes nothing; permits that it was
 * given at that very moment, and that reach nobody, go back into the bucket. Permits that were used
 * do not come back: that is what a semaphore is for.
 *
 * <p>Guava's and Resilience4j's limiters block the thread; Go's {@code rate.Limiter} is the model.
 * The time is the executor's, so on a virtual clock a test takes none. Any thread may call it. With
 * permits at hand, acquiring allocates nothing.
 */
public final class RateLimiter {
  /** More than that an executor's timers do not count. */
  private static final Duration CENTURY = Duration.ofDays(36_500);

  private final AsyncExecutor executor;
  private final long capacity;

  /** In which time one permit comes in. A fraction, so that rates above 1e9 a second keep up. */
  private final double nanosPerPermit;

  // Guarded by this.

  private final WaitQueue<@Nullable Void> waiting = new WaitQueue<>();
  private double permits;
  private long filledAt;

  /** Who waits for the timer: the first in the queue. */
  private @Nullable Acquire timed;

  private @Nullable Task<@Nullable Void> timer;

  private RateLimiter(AsyncExecutor executor, long permits, Duration period) {
    this.executor = executor;
    this.capacity = permits;
    this.permits = permits;
    this.nanosPerPermit = (double) Nanos.of(period) / permits;
    this.filledAt = executor.nanoTime();
  }

  /**
   * A limiter that goes by the clock of the current executor, or of the shared one.
   *
   * @param permits as many in each period, and at once after a time without use; at least 1
   * @param period positive; more than 100 years counts as that
   * @throws IllegalArgumentException if one of them is not so
   */
  public static RateLimiter of(long permits, Duration period) {
    return of(permits, period, AsyncExecutor.currentOrShared());
  }

  /** As {@link #of(long, Duration)}, by the clock and the timers of the executor given. */
  public static RateLimiter of(long permits, Duration period, AsyncExecutor executor) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits must be at least 1, not " + permits);
    }
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period must be positive, not " + period);
    }
    return new RateLimiter(executor, permits, period.compareTo(CENTURY) < 0 ? period : CENTURY);
  }

  /** As {@link #acquire(long)}, one permit. */
  public Task<@Nullable Void> acquire() {
    return acquire(1);
  }

  /**
   * Takes permits, and waits for them if need be. To be awaited.
   *
   * @param wanted at least 1, at most the capacity
   * @return ends when they are taken; cancelling it takes none
   * @throws IllegalArgumentException if they are not between those: they would never be there
   */
  public Task<@Nullable Void> acquire(long wanted) {
    check(wanted);
    Acquire acquire;
    synchronized (this) {
      if (takeAtOnce(wanted)) {
        return Async.done();
      }
      acquire = new Acquire(wanted);
      waiting.add(acquire);
    }
    serve();
    return acquire;
  }

  /** As {@link #tryAcquire(long)}, one permit. */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes permits if they are there and nobody waits. Does not wait.
   *
   * @param wanted at least 1, at most the capacity
   * @throws IllegalArgumentException if they are not between those
   */
  public synchronized boolean tryAcquire(long wanted) {
    check(wanted);
    return takeAtOnce(wanted);
  }

  private void check(long wanted) {
    if (wanted < 1 || wanted > capacity) {
      throw new IllegalArgumentException(
          "permits must be between 1 and the capacity, " + capacity + ", not " + wanted);
    }
  }

  /** Under the lock. */
  private boolean takeAtOnce(long wanted) {
    if (!waiting.isEmpty()) {
      return false;
    }
    fill();
    if (permits < wanted) {
      return false;
    }
    permits -= wanted;
    return true;
  }

  /** Under the lock. */
  private void fill() {
    long now = executor.nanoTime();
    long passed = now - filledAt;
    if (passed > 0) {
      permits = Math.min((double) capacity, permits + (double) passed / nanosPerPermit);
      filledAt = now;
    }
  }

  /** Gives permits to those who wait, as far as they go, and sets the timer for the next. */
  private void serve() {
    List<Acquire> served = new ArrayList<>(1);
    Task<@Nullable Void> unused = null;
    Task<@Nullable Void> started = null;
    synchronized (this) {
      fill();
      Acquire next;
      while ((next = (Acquire) waiting.peek()) != null && permits >= next.wanted) {
        waiting.remove(next);
        if (next.claim()) {
          permits -= next.wanted;
          served.add(next);
        }
      }
      if (next != timed) {
        unused = timer;
        timed = next;
        timer = null;
        if (next != null) {
          // Up to a whole millisecond, which is what timers count in: never woken too early.
          double nanos = Math.ceil((next.wanted - permits) * nanosPerPermit / 1e6) * 1e6;
          started = executor.sleep(Duration.ofNanos((long) Math.min(nanos, (double) Nanos.MAX)));
          timer = started;
        }
      }
    }
    if (unused != null) {
      unused.cancel(false);
    }
    if (started != null) {
      Task<@Nullable Void> running = started;
      running.whenComplete((nothing, error) -> timeIsUp(running, error));
    }
    served.forEach(Acquire::grant);
  }

  private void timeIsUp(Task<@Nullable Void> ended, @Nullable Throwable error) {
    List<Acquire> refused = new ArrayList<>(0);
    synchronized (this) {
      if (timer != ended) {
        return; // another one runs, or nobody waits
      }
      timer = null;
      timed = null;
      if (error != null) { // the executor has ended, and its clock with it
        Acquire next;
        while ((next = (Acquire) waiting.claimFirst()) != null) {
          refused.add(next);
        }
      }
    }
    if (error == null) {
      serve();
    } else {
      refused.forEach(acquire -> acquire.refuse(error));
    }
  }

  private void giveBack(long returned) {
    synchronized (this) {
      fill();
      permits = Math.min((double) capacity, permits + (double) returned);
    }
    serve();
  }

  /** One who waits. */
  private final class Acquire extends Waiting<@Nullable Void> {
    final long wanted;

    Acquire(long wanted) {
      super(null);
      this.wanted = wanted;
    }

    @SuppressWarnings("NullAway") // it is of Void: it knows T without its bound
    void grant() {
      grant(null);
    }

    @Override
    protected String describeWait() {
      return "its turn at a RateLimiter";
    }

    @Override
    protected void onWithdrawn() {
      boolean first;
      synchronized (RateLimiter.this) {
        first = waiting.peek() == this;
        waiting.remove(this);
      }
      if (first) {
        serve(); // the next may want less, and there is no need for this timer
      }
    }

    @Override
    protected void giveBack(@Nullable Void nothing) {
      RateLimiter.this.giveBack(wanted);
    }
  }
}
