package dev.weft.handoff;

import dev.weft.frame.Awaiter;
import dev.weft.frame.Carrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One who waits again and again for the next of something, and is one object for as long as that is
 * simply awaited: a consumer's receive, a stream's next. So an element costs no allocation.
 *
 * <h2>When it can be used again</h2>
 *
 * Its value is handed to one await and then forgotten; {@link #renew} says whether that has
 * happened. A value that comes while a method stands in the waiter slot, and nothing hangs on this,
 * is kept in a field of its own. In all other cases (nobody awaits it yet; something was derived
 * from it; it was cancelled) this becomes what every other task is, complete once and for all, and
 * its owner makes a new one for what comes next. That is why what looks only at the superclass
 * ({@code CompletableFuture.allOf}) finds an outcome there.
 *
 * <p>Beside the stages of {@link Waiting} there are
 *
 * <pre>
 *   GRANTED -&gt; KEPT       who hands over
 *   KEPT    -&gt; BUSY       whoever disposes of the value: nobody else reads or writes it meanwhile
 *   BUSY    -&gt; TAKEN      the await that gets the value
 *   BUSY    -&gt; GONE       it reaches nobody: who abandons it gives it back
 *   BUSY    -&gt; DELIVERED  somebody derives something from it, and completes it as others are
 *   TAKEN   -&gt; WAITING    its owner, in renew
 *   TAKEN   -&gt; DELIVERED  somebody derives something from it, which fails
 * </pre>
 *
 * By compare-and-set, but for those out of BUSY: the value goes one way. A second await, after the
 * first has taken the value, fails with {@link IllegalStateException}.
 *
 * <p>BUSY lasts for some instructions; who meets it waits for its end, spinning. Without it, one
 * who was held up between reading the value and taking it would find this renewed, and KEPT once
 * more, and take the value of before in place of the next one. Where the outcome is set in it, that
 * may run what hangs on this, which may ask for the value: so nobody waits for BUSY where the
 * superclass has the outcome.
 *
 * <p>Who derives something sets {@link #observed} and then looks whether the value is kept; who
 * hands over keeps it and then looks whether it is observed. One of them sees the other. Once
 * observed it is not renewed.
 *
 * <p>A canceller may be late: the one for whom it asks this to stop has its value by then. So it
 * counts itself ({@link #stoppers}) and then looks whether that one still stands in the slot; who
 * renews this comes when it has left the slot, and then looks whether there are any. One of them
 * sees the other.
 *
 * @param <T> what is handed over
 */
@SuppressWarnings("NullAway") // a T of its own may be null, and the field is, where there is none
public abstract class Recurring<T extends @Nullable Object> extends Waiting<T> {
  private static final int KEPT = 5;
  private static final int TAKEN = 6;
  private static final int GONE = 7;
  private static final int BUSY = 8;

  private static final VarHandle STOPPERS;

  static {
    try {
      STOPPERS = MethodHandles.lookup().findVarHandle(Recurring.class, "stoppers", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile boolean observed;

  /** How many are asking this to stop just now. */
  @SuppressWarnings("unused") // through STOPPERS
  private volatile int stoppers;

  /** Written before it is KEPT; read and cleared by who has made it BUSY. */
  private @Nullable T kept;

  /** One that waits for the first time. */
  protected Recurring() {
    super(null);
  }

  /**
   * Makes it wait anew. Called by its owner, on the consumer's thread, before it stands in a queue.
   *
   * @return false if its last value was not taken or it is a plain task now: it stays what it is,
   *     and the owner needs another one
   */
  public final boolean renew() {
    return !observed && stoppers == 0 && move(TAKEN, WAITING);
  }

  /** True if it waits, or its value was not taken yet by the await that it is for. */
  public final boolean isInUse() {
    int now = stage();
    return now == WAITING || now == KEPT || now == BUSY || (now == GRANTED && !super.isDone());
  }

  /**
   * True if it was abandoned by one that was about to get a value: who hands over gives that back
   * in a moment, or has done so.
   */
  public final boolean isAbandoned() {
    return stage() == ABANDONED;
  }

  /**
   * False if this was withdrawn, and what makes its value has yet to end. Who awaits it is not
   * woken before; its owner calls {@link #wakeIfFinished} then.
   */
  protected boolean hasComeToRest() {
    return true;
  }

  @Override
  protected final boolean stopFor(Awaiter awaiter) {
    STOPPERS.getAndAdd(this, 1);
    try {
      return isAwaitedOnlyBy(this, awaiter) && stop();
    } finally {
      STOPPERS.getAndAdd(this, -1);
    }
  }

  @Override
  public final void grant(T value) {
    if (!observed && isAwaitedByOne()) {
      kept = value;
      if (move(GRANTED, KEPT)) {
        if (observed) {
          observe();
        }
        wakeAwaiters();
        return;
      }
      kept = null; // abandoned
    }
    super.grant(value);
  }

  /** Of two, the second would come when the value is taken, and perhaps the next one is there. */
  private boolean isAwaitedByOne() {
    Awaiter awaiter = waiterOf(this);
    return awaiter != null && isAwaitedOnlyBy(this, awaiter);
  }

  /**
   * Makes a value that is kept the caller's to dispose of.
   *
   * @return false if there is none
   */
  private boolean seize() {
    for (int now; (now = stage()) == KEPT || (now == BUSY && !super.isDone()); ) {
      if (now == KEPT && move(KEPT, BUSY)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private T disposeOf() {
    T value = kept;
    kept = null;
    return value;
  }

  /** Something is derived from this: it is, or will be, complete as any other task. */
  private void observe() {
    observed = true;
    if (seize()) {
      settle(disposeOf());
      move(BUSY, DELIVERED);
    } else if (move(TAKEN, DELIVERED)) {
      settleExceptionally(taken());
    }
  }

  // ---- what awaits ask

  @Override
  public final boolean isFinished() {
    int now = stage();
    return now == KEPT
        || now == TAKEN
        || now == BUSY
        || (super.isDone() && (now != WITHDRAWN || hasComeToRest()));
  }

  @Override
  public final boolean isDone() {
    int now = stage();
    return now == KEPT || now == TAKEN || now == BUSY || super.isDone();
  }

  /** {@inheritDoc} On an executor's thread only what is there: see {@link #refuseToBlock}. */
  @Override
  public final T join() {
    if (seize()) {
      T value = disposeOf();
      move(BUSY, TAKEN);
      return value;
    }
    if (stage() == TAKEN) {
      throw taken();
    }
    refuseToBlock();
    observe();
    return super.join();
  }

  /**
   * Whose await has come to an end does not wait here. If this does, it was renewed meanwhile, as
   * another await has taken the value: a second one, that began when the value was there already.
   */
  private void refuseToBlock() {
    Carrier carrier = stage() == WAITING && !super.isDone() ? Carrier.current() : null;
    if (carrier != null && !carrier.mayBlock()) {
      throw new IllegalStateException(
          "the value is not there, or another await has taken it: it is for one await, at once");
    }
  }

  private static IllegalStateException taken() {
    return new IllegalStateException(
        "an await has taken this value before. It is for one await, at once");
  }

  /**
   * {@inheritDoc} Whoever moves it on between two looks has changed the stage, and it is looked at
   * again.
   */
  @Override
  protected final void onAbandoned() {
    while (!seize()) {
      int now = stage();
      if (now == WAITING ? cancel(false) : now == GRANTED && move(GRANTED, ABANDONED)) {
        return;
      }
      boolean movesOn =
          now == WAITING || now == GRANTED || now == KEPT || (now == BUSY && !super.isDone());
      if (!movesOn) {
        abandonDelivered();
        return;
      }
    }
    T value = disposeOf();
    settleExceptionally(givenBack());
    move(BUSY, GONE);
    giveBack(value);
  }

  private void abandonDelivered() {
    if (super.isDone()) {
      super.onAbandoned();
    }
  }

  // ---- whoever derives something from it, or passes it on

  @Override
  protected final boolean onClaimed() {
    observe();
    return super.onClaimed();
  }

  @Override
  public final T getNow(T valueIfAbsent) {
    observe();
    return super.getNow(valueIfAbsent);
  }

  @Override
  public final T get() throws InterruptedException, ExecutionException {
    observe();
    return super.get();
  }

  @Override
  public final T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    observe();
    return super.get(timeout, unit);
  }
}
