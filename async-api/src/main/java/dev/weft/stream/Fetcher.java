package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Pause;
import dev.weft.frame.Settled;
import dev.weft.handoff.Recurring;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gets the elements of a {@link Chain} that have to be waited for, one after the other: one call,
 * one task for the consumer, and so nothing to allocate for an element, for as long as the elements
 * are simply awaited. Between two elements the call rests at this, as the body of a generator does
 * at an {@code emit}.
 *
 * <pre>
 *   WAITING -&gt; RESTING   the call, with an element: see below
 *   RESTING -&gt; WAITING   the consumer, in fetch, on its thread: the chain has nothing ready
 *   WAITING -&gt; ENDED     the call: the stream has ended, has failed, or the wait was cancelled
 *   RESTING -&gt; ENDED     the call: a cancellation came late. It has no element then, and nobody
 *                           waits for it
 * </pre>
 *
 * <h2>How an element is handed over</h2>
 *
 * <pre>
 *   the call                                        the consumer, in next
 *   1. claims {@link Upcoming}; if it was withdrawn,
 *      the element is the chain's next one
 *   2. leaves the chain                             enters the chain
 *   3. rests: stands in the slot of this            refuses, if Upcoming is in use;
 *   4. grants Upcoming, which wakes the consumer    else fetch takes it out of the slot
 * </pre>
 *
 * From 1 to 4 Upcoming is in use (granted, not delivered), so the consumer that asks again is the
 * one whom 4 has woken, or who got the value by 4, and finds the call in the slot. There is one
 * that is not: its Upcoming was abandoned between 1 and 4, and is given back only in 4, when the
 * chain may have made the next element already. Such a consumer takes the element out of {@link
 * #carried} itself, by {@link #rescue}: that, and giving back, are one compare-and-set, so the
 * element goes one way; who comes second waits until it is there. An Upcoming that was abandoned,
 * or has become a plain task, is not renewed, and this is not used again, so {@code carried} is
 * still that element.
 *
 * <p>A call that was told that it is cancelled is not used again either, though it may have come to
 * an element all the same: what it was told was for the wait before. A canceller that comes later
 * still finds that another wait has begun ({@link Recurring}).
 *
 * <h2>Who was cancelled</h2>
 *
 * A task that was withdrawn by {@code cancel} has its outcome at once, but who awaits it goes on
 * when the call has left the chain, and may ask again: {@link Upcoming#hasComeToRest}.
 */
final class Fetcher extends Pause implements Call.Body {
  private static final int RESTING = 3;

  private final Chain chain;
  private final Upcoming upcoming = new Upcoming(this);

  /** The body has been called. The consumer's. */
  private boolean begun;

  // ---- the call's, until it grants

  /** The element that is handed over, or was the last one; null if nobody waits for it. */
  private @Nullable Object carried;

  /** How many of the chain's operators that has passed. */
  private int passed;

  private boolean resting;

  Fetcher(Chain chain) {
    this.chain = chain;
  }

  // ---- the consumer

  /**
   * Waits for what the chain waits for, and goes on until there is an element. By who has the
   * chain, and gives it to the call.
   *
   * @return what the consumer is to await; null if another fetcher is needed
   */
  @Nullable Task<?> fetch() {
    if (!begun) {
      begun = true;
      begin();
      return upcoming;
    }
    if (!upcoming.renew() || isTold() || !resume()) { // in this order: see Recurring.stopFor
      return null;
    }
    keepAccount();
    return upcoming;
  }

  @Override
  protected Task<?> promised() {
    return upcoming;
  }

  /** True if the element that was asked for has yet to come, or to be taken. */
  boolean isInUse() {
    return upcoming.isInUse();
  }

  /** Gives an element back that is on its way to one who has abandoned it. By who has the chain. */
  void rescue() {
    if (upcoming.isAbandoned()) {
      upcoming.takeBack(carried);
    }
  }

  // ---- the call

  @Override
  protected CompletionStage<?> call() {
    return waitAgain(Call.of(null, this), false);
  }

  private Task<?> waitAgain(Call call, boolean resumed) {
    chain.suspending(call);
    return Call.suspend(call, resumed, chain.awaited(), Chain.WAITING);
  }

  @Override
  public Task<?> resume(Call call, int state, CompletableFuture<?> outcome) {
    if (state == Chain.ENDING) {
      return chain.over();
    }
    try {
      if (state == RESTING) {
        if (outcome == this) {
          resting = false;
          carried = null;
          return waitAgain(call, true);
        }
        Await.take(outcome);
      }
      chain.noteOutcome(outcome);
      Object element = chain.poll();
      if (element == Intake.WAIT) {
        return waitAgain(call, true);
      }
      if (element != null) {
        return rest(call, element);
      }
    } catch (Throwable error) {
      return resting ? Settled.thrown(error) : chain.failed(call, error);
    }
    return chain.end(call);
  }

  private Task<?> rest(Call call, Object element) {
    if (upcoming.claim()) {
      passed = chain.stages();
      carried = element;
    } else {
      chain.giveBack(element, chain.stages());
    }
    resting = true;
    chain.leave();
    return Call.suspend(call, true, this, RESTING);
  }

  @Override
  protected void onPaused() {
    Object element = carried;
    if (element != null) {
      upcoming.grant(element);
    } else {
      upcoming.comesToRest();
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null is the end, as Upcoming's type says
  protected void onEnd(@Nullable Throwable error) {
    if (resting) {
      return;
    }
    if (!upcoming.claim()) {
      upcoming.comesToRest();
    } else if (error == null) {
      upcoming.grant(null);
    } else {
      upcoming.refuse(error);
    }
  }

  /** What the consumer awaits. */
  static final class Upcoming extends Recurring<@Nullable Object> {
    private static final VarHandle TAKEN_BACK;

    static {
      try {
        TAKEN_BACK =
            MethodHandles.lookup().findVarHandle(Upcoming.class, "takenBack", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Fetcher source;

    /** Nothing runs any more behind one that was withdrawn. */
    private volatile boolean atRest;

    @SuppressWarnings("unused") // through TAKEN_BACK
    private volatile boolean takenBack;

    /** It is there again. */
    private volatile boolean isBack;

    Upcoming(Fetcher source) {
      this.source = source;
    }

    /** Gives the element back, or waits for who does: for some instructions. */
    private void takeBack(@Nullable Object element) {
      if (TAKEN_BACK.compareAndSet(this, false, true)) {
        if (element != null) {
          source.chain.giveBack(element, source.passed);
        }
        isBack = true;
        return;
      }
      while (!isBack) {
        Thread.onSpinWait();
      }
    }

    void comesToRest() {
      atRest = true;
      wakeIfFinished();
    }

    @Override
    protected boolean hasComeToRest() {
      return atRest;
    }

    @Override
    public @Nullable Frame<?> maker() {
      return source.body();
    }

    /** {@inheritDoc} When the call has ended, or has an element all the same. */
    @Override
    protected boolean stop() {
      source.requestEnd();
      return true;
    }

    @Override
    protected void onWithdrawn() {
      source.requestEnd();
    }

    @Override
    protected void giveBack(@Nullable Object element) {
      takeBack(element);
    }
  }
}
