package dev.weft.frame;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A link of an await chain: something that awaits and is awaited. A {@link Frame} is one, and so is
 * what stands between two frames, such as a time limit ({@link Relay}). This class holds what
 * cancelling needs: where a link waits, and how a cancellation gets from the link that is cancelled
 * to the innermost one. Longer than others, because it is one protocol and its steps are argued
 * with each other in view.
 *
 * <h2>A cancellation is a token</h2>
 *
 * It is at exactly one place: in the bits of one link ({@link #PENDING}), or in the hands of one
 * thread, which has taken it out of them by compare-and-set. It starts at the link that was
 * cancelled, the <em>origin</em>, and {@linkplain #descend goes down} from a link to the one that
 * it awaits, for as long as that is a call which nobody else awaits. Links on its way are {@link
 * #TOLD}. At the end of the way it is <em>delivered</em>: the frame is taken out of where it waits
 * and resumed, with a {@link TaskCancelledException}; or the operation that it waits for is asked
 * to {@linkplain Task#stop stop}, and when that ends without a value the frame gets the exception
 * in its place. From there on an exception that leaves a frame's body is the outcome that the next
 * outer frame sees, and no sooner than that body has ended. Only where that outcome would not show
 * it, because clean-up has failed with something else or somebody has completed the frame, the
 * token goes up beside it; see {@link #afterFailure}.
 *
 * <p>A frame that runs or is queued is not to be taken out of anything; the token waits in its bits
 * and is delivered when it next waits. If it ends before that, it {@linkplain #passUp hands the
 * token} to the link that awaits it.
 *
 * <pre>
 *   cancel(A):   A --awaits--&gt; B --awaits--&gt; C (parked on a sleep)
 *     token:     A    --&gt;      B    --&gt;      C   delivered: C resumes, then B, then A
 *
 *                A --awaits--&gt; B --awaits--&gt; C (running; then ends with a value)
 *     token:     A    --&gt;      B    --&gt;      C
 *                              B    &lt;--      C   C has ended; B gets its value and goes on
 *                              B   delivered at B's next await that would wait
 * </pre>
 *
 * <p>Each step writes where the token is now and then looks whether it can go on from there; who
 * parks a link writes where it waits and then looks for a token; who ends one publishes that and
 * then looks for a token. Writes and looks are volatile or separated by a full fence, so in each
 * pair one sees the other, and the compare-and-set decides who acts.
 *
 * <h2>One cancellation at a time</h2>
 *
 * A link that was told is not told again: clean-up may await, and nobody interrupts it. So a second
 * token, of a canceller further out, stops at the origin of the first ({@link #UP}) and goes on to
 * that one's awaiter when it has ended. There is never more than one that wants past the same
 * origin: whoever could send another was told by the one that is there.
 *
 * @param <T> the type of the result
 */
public abstract class Link<T extends @Nullable Object> extends Task<T> implements Awaiter {
  /** A cancellation has come by: this link is told no more. */
  static final int TOLD = 1;

  /** It started here, and ends here if it is not delivered. */
  static final int ORIGIN = 2;

  /** It is here. */
  static final int PENDING = 4;

  /** One of a link further out waits here for the end of this one. */
  static final int UP = 8;

  /** It was delivered: what this link waited for was let go of. */
  static final int DELIVERED = 16;

  /** The executor has been halted: what is to be delivered does not wait for anything. */
  static final int FORCED = 32;

  /** The executor has been halted, and does not poll this frame any more. */
  static final int REJECTED = 64;

  /** Nobody awaited this call when its caller went on; see {@link DetachedCalls}. */
  static final int DETACHED = 128;

  /** It is entered there. */
  static final int ENTERED = 256;

  /** It is about to be linked: a cancellation of it waits here until it is. */
  static final int LINKING = 512;

  /** In a relay: nobody waits for it, and it is not registered with its stage. */
  static final int RESTS = 1024;

  /** In a relay: somebody may look at it at any time without asking. It does not rest any more. */
  static final int OBSERVED = 2048;

  /** In a relay: its value is that of its stage. In a frame: see {@link Frame.Brought}. */
  static final int BROUGHT = 4096;

  /** A canceller's token that came by was delivered here, or further in and has come out again. */
  static final int HEARD = 8192;

  /** Beside PENDING: what this waits for was asked to stop, and the token waits for its end. */
  static final int ASKED = 16384;

  /** How often a rejected frame has been resumed; in the bits from here up. */
  static final int RESUMPTION = 1 << 16;

  private static final VarHandle BITS;
  private static final VarHandle AWAITED;
  private static final VarHandle ENDED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BITS = lookup.findVarHandle(Link.class, "bits", int.class);
      AWAITED = lookup.findVarHandle(Link.class, "awaited", Object.class);
      ENDED = lookup.findVarHandle(Link.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through BITS
  private volatile int bits;

  /**
   * What this link waits for: a Task in whose slot it stands, or a {@link Waiter}; either of them
   * in a {@link LinkedFrames} whose root this is. In a frame that has ended and is linked to
   * another, the root's; in one that was rejected or has ended, perhaps a {@link Frame.Halt} or
   * {@link Frame.Brought}. Written by the owner, read by cancellers.
   */
  @Nullable Object awaited;

  /**
   * Nothing of the body runs any more. Written before the outcome, which publishes it; where the
   * outcome was there before, followed by a full fence.
   */
  @SuppressWarnings("UnusedVariable") // through ENDED
  private boolean ended;

  // ---- what it waits for

  final void setAwaited(@Nullable Object source) {
    AWAITED.setRelease(this, source);
  }

  final void setAwaitedVolatile(@Nullable Object source) {
    AWAITED.setVolatile(this, source);
  }

  final @Nullable Object awaitedVolatile() {
    return AWAITED.getVolatile(this);
  }

  /** What it waits for, or has been woken from; null if it does not wait. */
  final @Nullable Object source() {
    Object source = awaitedVolatile();
    if (source instanceof LinkedFrames links) {
      return links.root() == this ? links.source : null;
    }
    boolean waits = !(source instanceof Frame.Halt || source instanceof Frame.Brought);
    return waits ? source : null; // it is about to run, or has ended
  }

  static @Nullable Task<?> taskOf(@Nullable Object source) {
    Object future = source instanceof Waiter waiter ? waiter.future : source;
    return future instanceof Task<?> task ? task : null;
  }

  /** The outcome in what it waited for; that is finished, unless the executor was halted. */
  static CompletableFuture<?> outcomeOf(Object source) {
    return source instanceof Waiter waiter ? waiter.outcome() : (CompletableFuture<?>) source;
  }

  /** Takes it out of where it waits; true if it was there, and is the caller's to wake. */
  final boolean withdrawFrom(Object source) {
    return source instanceof Waiter waiter
        ? waiter.withdraw(this)
        : source instanceof Task<?> task && withdraw(task, this);
  }

  /**
   * To be called when this link has been registered with what it waits for, and is not ours any
   * more: a token that was left here goes on.
   */
  final void parked() {
    if ((bits & PENDING) != 0) {
      descend(this);
    }
  }

  // ---- the bits

  final int bits() {
    return bits;
  }

  final int set(int some) {
    return (int) BITS.getAndBitwiseOr(this, some);
  }

  /** Clears one bit; true if it was set. */
  final boolean take(int one) {
    return (bits & one) != 0 && ((int) BITS.getAndBitwiseAnd(this, ~one) & one) != 0;
  }

  /** True if one of the links from this one outwards to the end of its task has a bit set. */
  final boolean isToldWithin(int bit) {
    Link<?> at = this;
    while ((at.bits & bit) == 0) {
      if (!at.isChained() || !(waiterOf(at) instanceof Link<?> outer)) {
        return false;
      }
      at = outer;
    }
    return true;
  }

  /** Counts a resumption of a rejected frame. */
  final int countResumption() {
    return (int) BITS.getAndAdd(this, RESUMPTION) / RESUMPTION;
  }

  // ---- the end

  @Override
  public boolean isFinished() {
    return isDone() && (boolean) ENDED.getOpaque(this);
  }

  /** Volatile, for those who have written something before that the ending thread looks at. */
  final boolean hasEnded() {
    return (boolean) ENDED.getVolatile(this);
  }

  /**
   * {@inheritDoc} Not here: who has ended the body wakes them, when its other duties are done. If a
   * canceller came first in between, a token that is to be handed up would find nobody.
   */
  @Override
  protected final void wakeIfFinished() {}

  /** To be called before the outcome of the body is published. */
  final void markEnded() {
    ENDED.setOpaque(this, true);
  }

  /**
   * To be called after it: who is cancelling this link has either seen that it ended or left a
   * token that we see; then those who await it are to be woken, but not yet.
   *
   * @param decided whether our outcome was the first; a compare-and-set that succeeded is a fence
   */
  final void afterOutcome(boolean decided) {
    if (!decided) {
      VarHandle.fullFence();
    }
    if ((bits & (PENDING | UP)) != 0) {
      passUp();
    }
  }

  /**
   * The same where the body has failed. A cancellation that started further out and has reached
   * this body goes on with that failure. It goes up as a token where nobody would know it in that:
   * if the clean-up has failed with something else, or somebody has given this link another outcome
   * meanwhile.
   */
  final void afterFailure(boolean decided, Throwable error) {
    if ((bits & (HEARD | ORIGIN)) == HEARD) {
      if (!decided || !(error instanceof CancellationException)) {
        set(PENDING);
      } else if (waiterOf(this) instanceof Link<?> outer && (outer.bits & TOLD) != 0) {
        outer.set(HEARD);
      }
    }
    afterOutcome(decided);
  }

  /**
   * True if the failure of what this waited for is to be seen as its own cancellation, if a token
   * is here. That of an operation, which was asked to stop: it ended for that reason, or failed on
   * its own account at that moment. That of a call which has heard of the cancellation and whose
   * clean-up has failed, or which was cancelled by somebody else as well.
   */
  static boolean isFailureOfOneTold(@Nullable Object source) {
    if (source instanceof Link<?> call) {
      return call.isCancelled() || ((call.bits & HEARD) != 0 && call.isCompletedExceptionally());
    }
    return source instanceof Task<?> task && task.isCompletedExceptionally();
  }

  /** Hands a token that was not delivered to the link that awaits this one. */
  private void passUp() {
    boolean pending = take(PENDING);
    boolean up = take(UP);
    boolean more = (bits & ORIGIN) != 0 ? up : pending || up;
    if (more && waiterOf(this) instanceof Link<?> outer) {
      outer.set(PENDING); // it still waits here, and is about to be woken
    }
  }

  // ---- whose value it is

  /** The task whose value this has ended with, and which keeps account of it; null if none. */
  abstract @Nullable Task<?> broughtBy();

  /** Where a task's value comes from: what keeps account of it. */
  static @Nullable Task<?> operationOf(@Nullable Task<?> task) {
    Task<?> at = task;
    while (at instanceof Link<?> link) {
      at = link.broughtBy();
    }
    return at instanceof Settled ? null : at;
  }

  /** {@inheritDoc} If it is another task's, it is that one which keeps account. */
  @Override
  protected boolean onClaimed() {
    Task<?> task = broughtBy();
    if (task == null || claim(task)) {
      return true;
    }
    obtrudeException(givenBack());
    return false;
  }

  @Override
  protected final void onUnclaimed() {
    Task<?> task = broughtBy();
    if (task != null) {
      unclaim(task);
    }
  }

  /** To be called when something is about to hang on this: if there is a value, it has that. */
  final void claimIfThere() {
    if (super.isDone() && !super.isCompletedExceptionally()) {
      onClaimed();
    }
  }

  private T claimed(T value) {
    if (!onClaimed()) {
      throw givenBack();
    }
    return value;
  }

  @Override
  public T join() {
    return claimed(super.join());
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return claimed(super.get());
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return claimed(super.get(timeout, unit));
  }

  // ---- cancelling

  /**
   * False for what a cancellation of its awaiter does not go through: a task that was spawned, and
   * what shields others.
   */
  boolean isChained() {
    return true;
  }

  /** False for what passes no cancellation on to the call that it waits for. */
  boolean passesOn() {
    return true;
  }

  /**
   * Tells the body that its outcome is not wanted any more: as {@link #cancel} does, but without
   * giving the future an outcome. From any thread. Does nothing the second time.
   */
  public void request() {
    if (markTold()) {
      descend(this);
    }
  }

  /** Makes this link an origin, with a token that is yet to go on; false if it was told before. */
  final boolean markTold() {
    while (true) {
      int before = bits;
      if ((before & TOLD) != 0) {
        return false;
      }
      if (BITS.compareAndSet(this, before, before | TOLD | ORIGIN | PENDING)) {
        return true;
      }
    }
  }

  /**
   * The executor is halted: the innermost frame is taken out of whatever it waits for and woken, so
   * that its executor rejects it. Whatever was told before.
   */
  public void force() {
    set(TOLD | ORIGIN | PENDING | FORCED);
    descend(this);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!isDone() && super.cancel(mayInterruptIfRunning)) {
      request();
    }
    return isCancelled();
  }

  @Override
  public boolean complete(@Nullable T value) {
    boolean completed = super.complete(value);
    if (completed) {
      request();
    }
    return completed;
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    boolean completed = super.completeExceptionally(error);
    if (completed) {
      request();
    }
    return completed;
  }

  /** True if this was not cancelled, and a cancellation from now on stays here. */
  final boolean beginLinking() {
    while (true) {
      int before = bits;
      if ((before & TOLD) != 0) {
        return false;
      }
      if (BITS.compareAndSet(this, before, before | LINKING)) {
        return true;
      }
    }
  }

  /**
   * Puts a token into the next inner link; where another one started, it waits for the end of that.
   *
   * @return the bit in which it is
   */
  private int put(boolean forced) {
    while (true) {
      int before = bits;
      boolean waits = (before & ORIGIN) != 0 && !forced;
      int put = waits ? UP : TOLD | PENDING | (forced ? FORCED : 0);
      if (BITS.compareAndSet(this, before, before | put)) {
        return waits ? UP : PENDING;
      }
    }
  }

  /**
   * Moves the token that is at a link as far down as it goes. A loop, because chains are deep.
   *
   * <p>While the token is in our hands the link may be woken, run, and end or be linked, and
   * whoever ends it finds no token. So when we have put it back we look whether that has happened;
   * from there nothing leads outwards any more, and the token starts again at its origin.
   */
  static void descend(Link<?> from) {
    Link<?> at = from;
    Link<?> origin = null;
    while (true) {
      Object source = at.source();
      if (source == null || (at.bits & LINKING) != 0) {
        at = at.passToRoot();
        if (at == null) {
          return; // it runs, and looks when it parks
        }
        origin = at;
        continue;
      }
      if (origin == null) {
        origin = at.origin();
      }
      boolean forced = (at.bits & FORCED) != 0;
      if (origin == null || !(forced ? at.take(PENDING) : at.takeUnlessAsked())) {
        return; // it has ended, and who ended it looks; or it is where it belongs, or in hand
      }
      boolean stands = at.standsAt(source);
      Link<?> inner = stands ? at.innerLink(source) : null;
      if (inner != null) {
        int put = inner.put(forced);
        if (!inner.isGone()) {
          if (put == UP) {
            return;
          }
          at = inner;
          continue;
        }
        // It ended meanwhile. If it has seen the token it has handed it up; else it is still ours.
        if (!inner.take(put)) {
          return;
        }
      } else if (stands && !isOver(source)) {
        if (!forced) {
          // Before it is asked: it may have a value, and it may wake us at once. Nobody else takes
          // the token from then on, or who is woken by the end of what was asked would miss it.
          if (!at.putBack(ASKED)) {
            at = origin.restart();
            continue;
          }
          if (at.stopAwaited(source)) {
            if (at.source() == source) {
              return;
            }
            continue; // it has parked elsewhere, perhaps before it could see the token
          }
          if (!at.takeBackAsked()) {
            return;
          }
        }
        if (!isOver(source) && at.letGoOf(source)) {
          return;
        }
      }
      if (!at.putBack(0)) {
        at = origin.restart();
      } else if (at.source() == source && (isOver(source) || !at.standsAt(source))) {
        return; // it is about to stand there, and looks then; or it is being woken
      }
      // Else it has parked, perhaps while the token was in our hands. Once more.
    }
  }

  /**
   * Puts the token back where it was, with another bit; false if it has no place there any more and
   * is in hand.
   */
  private boolean putBack(int with) {
    set(PENDING | with);
    return !isGone() || !take(PENDING);
  }

  /** Takes the token, unless it waits for the end of what was asked to stop. */
  private boolean takeUnlessAsked() {
    while (true) {
      int before = bits;
      if ((before & (PENDING | ASKED)) != PENDING) {
        return false;
      }
      if (BITS.compareAndSet(this, before, before & ~PENDING)) {
        return true;
      }
    }
  }

  /** Takes the token that waited for the end of what would not be asked; false if it has gone. */
  private boolean takeBackAsked() {
    while (true) {
      int before = bits;
      if (BITS.compareAndSet(this, before, before & ~(PENDING | ASKED))) {
        return (before & PENDING) != 0;
      }
    }
  }

  private Link<?> restart() {
    set(PENDING); // if it has ended as well, that is the end of the token
    return this;
  }

  /** Nothing waits at this link for a token any more. */
  private boolean isGone() {
    return hasEnded() || isLinked();
  }

  /**
   * Where the token that is here started: who has put it here waits for this link, and so on
   * outwards, for as long as this has not ended.
   */
  private @Nullable Link<?> origin() {
    Link<?> at = (bits & PENDING) != 0 ? this : null;
    while (at != null && (at.bits & ORIGIN) == 0) {
      at = waiterOf(at) instanceof Link<?> outer ? outer : null;
    }
    return at;
  }

  /** The call that this link waits for, if nobody else does. */
  private @Nullable Link<?> innerLink(Object source) {
    return source instanceof Link<?> inner
            && inner.isChained()
            && passesOn()
            && !inner.hasEnded()
            && !inner.isLinked() // else its root waits for it as well
            && isAwaitedOnlyBy(inner, this)
        ? inner
        : null;
  }

  /** Ends the waiting for what is not a call of this chain; false if it is being woken. */
  private boolean letGoOf(Object source) {
    Task<?> task = taskOf(source);
    boolean alone = task != null && isAwaitedOnlyBy(task, this);
    if (!withdrawFrom(source)) {
      return false;
    }
    set(DELIVERED);
    if (task != null) {
      letGo(task, alone || isLeftByAll(task));
    }
    wake();
    return true;
  }

  /**
   * True if nobody awaits a task that has no outcome yet. Of two that let go of it at one time
   * neither was alone, and the later one finds this. (One that was woken stands in no slot either,
   * but then there is an outcome.)
   */
  private static boolean isLeftByAll(Task<?> task) {
    return waiterOf(task) == null && hasNoDependents(task) && !task.isDone();
  }

  /** True if there is an outcome, so that this link is being woken: it gets that first. */
  static boolean isOver(Object source) {
    if (source instanceof Waiter waiter) {
      CompletableFuture<?> future = waiter.future;
      return future == null || future.isDone();
    }
    if (source instanceof Link<?> link) {
      return link.hasEnded();
    }
    // A plain future in the place of its waiter was complete when it was to be awaited, or is to be
    // adopted.
    return source instanceof Task<?> task
        ? task.isFinished()
        : ((CompletableFuture<?>) source).isDone();
  }

  /** True if it stands in the slot of what it waits for: not yet to park, and not being woken. */
  private boolean standsAt(Object source) {
    return source instanceof Waiter waiter
        ? waiter.holds(this)
        : source instanceof Task<?> task && isAwaitedBy(task, this);
  }

  /** True if this has ended with the stage that another frame waits for in its place. */
  final boolean isLinked() {
    return awaitedVolatile() instanceof LinkedFrames links && links.root() != this;
  }

  /**
   * Hands a token that started here to the root to which this is linked.
   *
   * @return the root, where the token starts now; null if there is none, or no token
   */
  @Nullable Link<?> passToRoot() {
    return null;
  }

  /**
   * True if somebody may have hung on this, or on what ends with it, in another way than by await.
   */
  boolean isLookedAt() {
    return (bits() & OBSERVED) != 0;
  }

  /** Asks the operation that this link waits for to end; false if it is to be let go of. */
  boolean stopAwaited(Object source) {
    return passesOn()
        && source instanceof Task<?> task
        && isAwaitedOnlyBy(task, this)
        && askToStop(task);
  }

  /**
   * This link waits no longer for a task. What stands in front of others and is awaited by nobody
   * now, such as a shield, rests: else it would stay registered for as long as they live. A call
   * behind it goes on, and nobody else keeps account of that.
   */
  private void letGo(Task<?> task, boolean alone) {
    Task<?> at = task;
    while (at instanceof Relay<?> relay) {
      relay.restIfUnawaited();
      if (!(relay.stage instanceof Task<?> inner)) {
        return;
      }
      at = inner;
    }
    if (at instanceof Frame<?> call) {
      call.detach();
    } else if (alone && passesOn() && at == task && !(task instanceof Link<?>)) {
      abandon(task);
    }
  }

  static TaskCancelledException cancelled(@Nullable Throwable cause) {
    return new TaskCancelledException("the task was cancelled", cause);
  }
}
