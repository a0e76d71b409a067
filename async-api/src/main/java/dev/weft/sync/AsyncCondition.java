package dev.weft.sync;

import dev.weft.Task;
import dev.weft.handoff.WaitQueue;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Waiting, with an {@link AsyncMutex} held, for what others do with the same mutex held. {@code
 * java.util.concurrent.locks.Condition} for tasks.
 *
 * <pre>{@code
 * final class Shelf {
 *   private final AsyncMutex mutex = new AsyncMutex();
 *   private final AsyncCondition filled = mutex.newCondition();
 *   private final Queue<Item> items = new ArrayDeque<>();
 *
 *   CompletableFuture<Item> take() {
 *     try (var held = await(mutex.lock())) {
 *       while (items.isEmpty()) {
 *         await(filled.signalled());
 *       }
 *       return done(items.remove());
 *     }
 *   }
 * }
 * }</pre>
 *
 * <h2>The mutex is held again, whatever happens</h2>
 *
 * An await of {@link #signalled} goes on only when the mutex is held again: after a signal, after a
 * cancellation and after a time limit alike. So the guard in the {@code try} around it is always
 * one's own to close. (As in the JDK and in Trio. Python's asyncio took until 3.13 to get this
 * right: a second cancellation let the method go on without the lock, and a cancelled waiter took
 * its signal with it.)
 *
 * <ul>
 *   <li>Who is cancelled before a signal came waits for the mutex, and then the await throws.
 *   <li>Who is cancelled after that returns from the await as if nothing had happened; the
 *       cancellation comes at its next await. So a signal always gets to somebody who acts on it.
 *   <li>Only a method that its executor has halted, and that must not wait any more, goes on
 *       without the mutex. It closes its guard as others do; that, or the next close of another
 *       one, has no effect. A signal that it had got goes on to the next.
 * </ul>
 *
 * This holds for awaits, {@code Async.timeout} included. A stage that is derived from the task
 * ({@code thenRun}) runs when it has an outcome, which after a {@code cancel} is at once; and a
 * method that is cancelled behind {@code Async.shield} leaves the wait alone, and the mutex with
 * it.
 *
 * <p>There are no spurious wake-ups, but between the signal and the mutex others may have been in:
 * wait in a loop. Those who wait are signalled in the order in which they came, and then stand in
 * the queue of the mutex behind those who are there. All methods may be called from any thread.
 */
public final class AsyncCondition {
  private final AsyncMutex mutex;
  private final Permits permits;

  /** Under the lock of the permits. */
  private final WaitQueue<@Nullable Void> waiters = new WaitQueue<>();

  AsyncCondition(AsyncMutex mutex) {
    this.mutex = mutex;
    this.permits = mutex.permits();
  }

  /**
   * Gives the mutex back and waits for a signal, and then for the mutex. The first two are one
   * step: a signal by who has the mutex next is not missed.
   *
   * @throws IllegalStateException if nobody has the mutex
   */
  public Task<@Nullable Void> signalled() {
    Signalled waiting = new Signalled(this);
    synchronized (permits.monitor()) {
      requireHeld("signalled");
      waiters.add(waiting);
    }
    permits.release(1); // whoever signals needs it first, so nobody has come in between
    return waiting;
  }

  /**
   * Signals who has waited for longest. Call it with the mutex held.
   *
   * @return false if nobody waited
   * @throws IllegalStateException if nobody has the mutex
   */
  public boolean signal() {
    Granted granted = new Granted();
    boolean signalled;
    synchronized (permits.monitor()) {
      requireHeld("signal");
      signalled = signalNext(granted);
    }
    Deliveries.deliver(granted.first());
    return signalled;
  }

  /**
   * Signals all who wait now. Call it with the mutex held.
   *
   * @throws IllegalStateException if nobody has the mutex
   */
  public void signalAll() {
    Granted granted = new Granted();
    synchronized (permits.monitor()) {
      requireHeld("signalAll");
      while (signalNext(granted)) {
        // the next one
      }
    }
    Deliveries.deliver(granted.first());
  }

  private void requireHeld(String method) {
    if (!mutex.isLocked()) {
      throw new IllegalStateException(method + ": the mutex of the condition is not held");
    }
  }

  /**
   * Under the lock. Who is signalled gets the mutex at once only if nobody has it: where the one
   * who signals does not hold it, and another one has just given it back.
   */
  private boolean signalNext(Granted granted) {
    Signalled next = (Signalled) waiters.claimFirst();
    if (next == null) {
      return false;
    }
    next.signalled = true;
    next.reacquire(granted);
    return true;
  }

  /**
   * One who waits: here, and then for the mutex.
   *
   * <pre>
   *   in waiters -&gt; signalled, in the mutex' queue -&gt; holds it: ends with its value
   *   in waiters -&gt; withdrawn, in the mutex' queue -&gt; holds it: is finished, with the outcome that
   *                                                    withdrew it
   *   in either  -&gt; abandoned: is finished; the mutex is owed a close
   * </pre>
   *
   * All under the lock of the permits. Until it is finished no await goes on, whether it has an
   * outcome or not.
   */
  private static final class Signalled extends Queued<@Nullable Void> {
    private final AsyncCondition condition;

    /** Under the lock: its place in the mutex' queue, from when it has one. */
    private @Nullable Reacquiring reacquiring;

    /** Under the lock, and so are these. */
    private boolean signalled;

    private boolean abandoned;

    /** The mutex is held again, or will not be. */
    private volatile boolean over;

    Signalled(AsyncCondition condition) {
      super(null);
      this.condition = condition;
    }

    /** Under the lock. */
    void reacquire(Granted granted) {
      Reacquiring next = new Reacquiring(this, condition);
      reacquiring = next;
      condition.permits.enqueue(next, granted);
    }

    @Override
    protected String describeWait() {
      return "the signal of an AsyncCondition, or the lock after it";
    }

    @Override
    protected void onWithdrawn() {
      Granted granted = new Granted();
      synchronized (condition.permits.monitor()) {
        condition.waiters.remove(this);
        if (!abandoned) {
          reacquire(granted);
        }
      }
      Deliveries.deliver(granted.first());
    }

    /** The mutex is held again. */
    @Override
    @SuppressWarnings("NullAway") // a Void is null
    void deliver() {
      over = true;
      if (signalled) {
        grant(null);
      } else {
        wakeAwaiters();
      }
    }

    @Override
    public boolean isFinished() {
      return over && super.isFinished();
    }

    /** {@inheritDoc} The method that awaits it does not, but will close its guard. */
    @Override
    protected void onAbandoned() {
      Granted granted = new Granted();
      synchronized (condition.permits.monitor()) {
        Reacquiring place = reacquiring;
        if (abandoned || (place != null && !condition.permits.forget(place))) {
          return; // the mutex is held, or was when this was finished
        }
        abandoned = true;
        condition.permits.owe();
        if (signalled) {
          condition.signalNext(granted);
        }
      }
      over = true;
      if (!cancel(false) && signalled) {
        refuse(new CancellationException("the executor of who waited was halted"));
      }
      wakeAwaiters();
      Deliveries.deliver(granted.first());
    }

    @Override
    protected void giveBack(@Nullable Void value) {
      // The mutex is what there would be to give back, and the guard in the method does that.
    }
  }

  /** Stands in the mutex' queue for one who waits. Nobody else has this task. */
  private static final class Reacquiring extends Wanting<AsyncMutex.Held> {
    private final Signalled waiting;

    Reacquiring(Signalled waiting, AsyncCondition condition) {
      super(condition.permits, 1, condition.mutex.held(), null);
      this.waiting = Objects.requireNonNull(waiting);
    }

    @Override
    void deliver() {
      waiting.deliver();
    }
  }
}
