package dev.weft.sync;

import dev.weft.Task;
import dev.weft.handoff.WaitQueue;

/**
 * A place where a number of tasks wait for each other, again and again. {@code
 * java.util.concurrent.CyclicBarrier} and Tokio's {@code Barrier}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> rounds(AsyncBarrier barrier, Shop shop, Item item) {
 *   for (int round = 0; round < 10; round++) {
 *     await(buy(shop, item));
 *     if (await(barrier.arrive()) == 0) {
 *       report(); // one of them does, for all
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <p>Who is cancelled while it waits has not arrived: one more has to come. That is what Python's
 * {@code asyncio.Barrier} does. In the JDK it breaks the barrier for all, and in Tokio it counts as
 * if it had come; a task that gives up is the scope's to deal with, which cancels the others if
 * they are to end too. If it is cancelled while the last one arrives, either may come first.
 *
 * <p>All methods may be called from any thread.
 */
public final class AsyncBarrier {
  private final int parties;

  /** Also the lock. */
  private final WaitQueue<Integer> waiters = new WaitQueue<>();

  /**
   * A barrier for so many.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public AsyncBarrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("a barrier for " + parties);
    }
    this.parties = parties;
  }

  /** For how many it is. */
  public int parties() {
    return parties;
  }

  /** How many wait here, as of now. */
  public int waiting() {
    synchronized (waiters) {
      return waiters.size();
    }
  }

  /**
   * Arrives, and waits until as many have as it takes.
   *
   * @return how many came later in the same round: 0 for the last one, which does not wait
   */
  public Task<Integer> arrive() {
    Arrived arrived = new Arrived(this);
    Granted granted = new Granted();
    synchronized (waiters) {
      waiters.add(arrived);
      if (waiters.size() < parties) {
        return arrived;
      }
      // One that is being withdrawn at this moment has arrived, and is not told.
      for (int later = parties - 1; waiters.peek() instanceof Arrived next; later--) {
        waiters.remove(next);
        if (next.claim()) {
          next.later = later;
          granted.add(next);
        }
      }
    }
    Deliveries.deliver(granted.first());
    return arrived;
  }

  @Override
  public String toString() {
    return "AsyncBarrier[" + waiting() + " of " + parties + "]";
  }

  private static final class Arrived extends Queued<Integer> {
    private final AsyncBarrier barrier;

    /** Written under the lock by who grants. */
    private int later;

    Arrived(AsyncBarrier barrier) {
      super(null);
      this.barrier = barrier;
    }

    @Override
    protected String describeWait() {
      return "the others at " + barrier;
    }

    @Override
    void deliver() {
      grant(later);
    }

    @Override
    protected void onWithdrawn() {
      synchronized (barrier.waiters) {
        barrier.waiters.remove(this);
      }
    }

    @Override
    protected void giveBack(Integer value) {
      // it has been there
    }
  }
}
