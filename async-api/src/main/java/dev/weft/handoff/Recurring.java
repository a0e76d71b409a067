package dev.weft.handoff;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 *   KEPT    -&gt; TAKEN      the await that gets the value
 *   KEPT    -&gt; GONE       it reaches nobody: who abandons it gives it back
 *   KEPT    -&gt; DELIVERED  somebody derives something from it, and completes it as others are
 *   TAKEN   -&gt; WAITING    its owner, in renew
 *   TAKEN   -&gt; DELIVERED  somebody derives something from it, which fails
 * </pre>
 *
 * By compare-and-set: the value goes one way. A second await, after the first has taken the value,
 * fails with {@link IllegalStateException}.
 *
 * <p>Who derives something sets {@link #observed} and then looks whether the value is kept; who
 * hands over keeps it and then looks whether it is observed. One of them sees the other.
 *
 * @param <T> what is handed over
 */
@SuppressWarnings("NullAway") // a T of its own may be null, and the field is, where there is none
public abstract class Recurring<T extends @Nullable Object> extends Waiting<T> {
  private static final int KEPT = 5;
  private static final int TAKEN = 6;
  private static final int GONE = 7;

  private volatile boolean observed;

  /** Written before it is KEPT; read by who moves it from there. */
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
    return move(TAKEN, WAITING);
  }

  /** True if it waits, or its value was not taken yet by the await that it is for. */
  public final boolean isInUse() {
    int now = stage();
    return now == WAITING || now == GRANTED || now == KEPT;
  }

  @Override
  public final void grant(T value) {
    if (!observed && waiterOf(this) != null && hasNoDependents(this)) {
      kept = value;
      if (move(GRANTED, KEPT)) {
        if (observed) {
          uncover();
        }
        wakeAwaiters();
        return;
      }
      kept = null; // abandoned
    }
    super.grant(value);
  }

  /** Something is derived from this: it is, or will be, complete as any other task. */
  private void observe() {
    observed = true;
    if (stage() == KEPT) {
      uncover();
    }
    if (move(TAKEN, DELIVERED)) {
      settleExceptionally(taken());
    }
  }

  private void uncover() {
    T value = kept;
    if (move(KEPT, DELIVERED)) {
      settle(value);
    }
  }

  // ---- what awaits ask

  @Override
  public final boolean isFinished() {
    int now = stage();
    return now == KEPT || now == TAKEN || super.isDone();
  }

  @Override
  public final boolean isDone() {
    return isFinished();
  }

  @Override
  public final T join() {
    if (stage() == KEPT) {
      T value = kept;
      if (move(KEPT, TAKEN)) {
        kept = null;
        return value;
      }
    }
    if (stage() == TAKEN) {
      throw taken();
    }
    observe();
    return super.join();
  }

  private static IllegalStateException taken() {
    return new IllegalStateException(
        "an await has taken this value before. It is for one await, at once");
  }

  @Override
  protected final void onAbandoned() {
    T value = kept;
    if (move(KEPT, GONE)) {
      settleExceptionally(givenBack());
      giveBack(value);
    } else if (stage() != TAKEN && stage() != GONE) {
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

  @Override
  public final <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    observe();
    return super.newIncompleteFuture();
  }

  @Override
  public final CompletableFuture<T> toCompletableFuture() {
    observe();
    return super.toCompletableFuture();
  }

  @Override
  public final CompletionStage<T> minimalCompletionStage() {
    observe();
    return super.minimalCompletionStage();
  }
}
