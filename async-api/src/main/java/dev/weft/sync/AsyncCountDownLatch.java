package dev.weft.sync;

import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.WaitQueue;
import dev.weft.handoff.Waiting;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A count that goes down to zero, once, and those who wait for that. {@code
 * java.util.concurrent.CountDownLatch} for tasks.
 *
 * <pre>{@code
 * static CompletableFuture<Void> start(AsyncCountDownLatch ready, Shop shop) {
 *   await(ready.opened());
 *   return serve(8080);
 * }
 * }</pre>
 *
 * <p>What happened before a {@link #countDown} is seen by who has waited. Who is cancelled waits no
 * longer; the count is as it was. All methods may be called from any thread.
 */
public final class AsyncCountDownLatch {
  private static final Task<@Nullable Void> OPEN = Settled.value(null);

  private final AtomicLong count;

  /**
   * Also the lock. Who waits joins it under the lock if the count is not zero; who brings the count
   * to zero takes the lock after that. So either the one sees zero or the other sees who waits.
   */
  private final WaitQueue<@Nullable Void> waiters = new WaitQueue<>();

  /**
   * One that opens after so many calls of {@link #countDown}; with zero it is open.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AsyncCountDownLatch(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("the count is negative: " + count);
    }
    this.count = new AtomicLong(count);
  }

  /** Counts down by one. If that makes it zero, all who wait go on; at zero it does nothing. */
  public void countDown() {
    for (long before; (before = count.get()) != 0; ) {
      if (count.compareAndSet(before, before - 1)) {
        if (before == 1) {
          open();
        }
        return;
      }
    }
  }

  private void open() {
    Granted granted = new Granted();
    synchronized (waiters) {
      for (Waiting<@Nullable Void> next; (next = waiters.claimFirst()) != null; ) {
        granted.add((Queued<?>) next);
      }
    }
    Deliveries.deliver(granted.first());
  }

  /** How often it is still to be counted down, as of now. */
  public long count() {
    return count.get();
  }

  /** Waits until the count is zero. Allocates nothing if it is. */
  public Task<@Nullable Void> opened() {
    if (count.get() == 0) {
      return OPEN;
    }
    Queued<@Nullable Void> waiting = new Opened(waiters);
    synchronized (waiters) {
      if (count.get() == 0) {
        return OPEN;
      }
      waiters.add(waiting);
    }
    return waiting;
  }

  @Override
  public String toString() {
    return "AsyncCountDownLatch[" + count + "]";
  }

  private static final class Opened extends Queued<@Nullable Void> {
    private final WaitQueue<@Nullable Void> waiters;

    Opened(WaitQueue<@Nullable Void> waiters) {
      super(null);
      this.waiters = waiters;
    }

    @Override
    protected String describeWait() {
      return "the count of an AsyncCountDownLatch to come to zero";
    }

    @Override
    @SuppressWarnings("NullAway") // a Void is null
    void deliver() {
      grant(null);
    }

    @Override
    protected void onWithdrawn() {
      synchronized (waiters) {
        waiters.remove(this);
      }
    }

    @Override
    protected void giveBack(@Nullable Void value) {
      // it is open for good
    }
  }
}
