package dev.weft.frame;

import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A link of an await chain: something that awaits and is awaited. A {@link Frame} is one, and so is
 * what stands between two frames, such as a time limit ({@link Relay}). This class holds its state:
 * where it waits, whether its body has ended, whose its value is, and the bits of the protocols. It
 * argues what each bit is; the protocols argue their steps: {@link Cancellation}, {@link Parking},
 * {@link Linking}, {@link Rejection}, {@link DetachedCalls}, {@link Relay#restIfUnawaited}.
 *
 * <h2>Who touches what</h2>
 *
 * {@code awaited} and the end are written by the <em>owner</em> alone: the thread that runs the
 * body, or in a relay completes the stage; while the link is parked, whoever has taken it out of
 * where it stood, and owes it the wake-up. They are read by cancellers, from any thread. The bits
 * are changed by anybody, by compare-and-set or its kind, so that of two who want the same bit one
 * gets it.
 *
 * <h2>The bits</h2>
 *
 * <pre>
 *   bit         is set by                                    is cleared by
 *   TOLD        a canceller, on the way of a token           nobody
 *   ORIGIN      the canceller of this link                   nobody
 *   PENDING     who puts the token here: a canceller, or     who takes the token
 *               who has ended an inner link or linked one
 *   UP          a canceller further out, in an ORIGIN        who ends or links this; the canceller
 *   DELIVERED   who has taken it out of where it waited;     its owner, when it has told the body
 *               its owner, at a yield
 *   FORCED      who halts the executor                       nobody
 *   REJECTED    its owner, when that rejects it              nobody
 *   DETACHED    who was first to enter it                    nobody
 *   ENTERED     the same, when it is entered                 who removes it
 *   LINKING     the owner of the root                        the same, if nothing comes of it
 *   RESTS       a canceller that lets go of a relay          who needs the relay again
 *   OBSERVED    who hangs something on a relay               nobody
 *   BROUGHT     its owner, before the outcome                the first who claims, or gives back
 *   HEARD       its owner, or that of an inner link          nobody
 *   ASKED       a canceller, with PENDING                    its owner, when woken; the canceller
 *   ABANDONED   the first who abandons a relay's value       nobody
 * </pre>
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(Shop shop, Item item) {
 *   // Three links: the call of this method, the time limit, and the call of buy.
 *   return done(await(Async.timeout(Duration.ofSeconds(2), buy(shop, item))));
 * }
 * }</pre>
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

  /** In a relay: its value is that of its stage. In a frame: see {@link Brought}. */
  static final int BROUGHT = 4096;

  /** A canceller's token that came by was delivered here, or further in and has come out again. */
  static final int HEARD = 8192;

  /** Beside PENDING: what this waits for was asked to stop, and the token waits for its end. */
  static final int ASKED = 16384;

  /** In a relay: what it has brought reaches nobody, and was let go of. */
  static final int ABANDONED = 32768;

  private static final byte OVER = 1;
  private static final byte SETTLING = 2;

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
      ENDED = lookup.findVarHandle(Link.class, "ended", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through BITS
  private volatile int bits;

  /**
   * What this link waits for: a Task in whose slot it stands, or a {@link Waiter}; either of them
   * in a {@link LinkedFrames} whose root this is. In a frame that has ended and is linked to
   * another, the root's; in one that was rejected or has ended, perhaps a {@link Rejection.Halt} or
   * {@link Brought}. Written by the owner, read by cancellers.
   */
  @Nullable Object awaited;

  /**
   * {@link #OVER} or {@link #SETTLING} when nothing of the body runs any more. Written before the
   * outcome, which publishes it; where the outcome was there before, followed by a full fence.
   *
   * <p>SETTLING is for a value that an operation keeps account of: it goes back if somebody has
   * given this another outcome, and this is not finished before. Who awaits it may ask for the next
   * value then, which must not come first. (If that other outcome is a <em>value</em>, it is taken
   * for ours, and seen a moment early.)
   */
  @SuppressWarnings("UnusedVariable") // through ENDED
  private byte ended;

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

  /**
   * Notes what this is about to wait for.
   *
   * @param links where that is noted if this is the root of linked frames
   */
  final void setSource(Object source, @Nullable LinkedFrames links) {
    if (links == null) {
      setAwaited(source);
    } else {
      links.source = source;
    }
  }

  /** What it waits for, or has been woken from; null if it does not wait. */
  final @Nullable Object source() {
    Object source = awaitedVolatile();
    if (source instanceof LinkedFrames links) {
      return links.root() == this ? links.source : null;
    }
    boolean waits = !(source instanceof Rejection.Halt || source instanceof Brought);
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
      Cancellation.descend(this);
    }
  }

  // ---- the bits

  final int bits() {
    return bits;
  }

  final int set(int some) {
    return (int) BITS.getAndBitwiseOr(this, some);
  }

  final boolean casBits(int before, int after) {
    return BITS.compareAndSet(this, before, after);
  }

  /** Clears one bit; true if it was set. */
  final boolean take(int one) {
    return (bits & one) != 0 && ((int) BITS.getAndBitwiseAnd(this, ~one) & one) != 0;
  }

  /** Counts a resumption of a rejected frame. */
  final int countResumption() {
    return (int) BITS.getAndAdd(this, RESUMPTION) / RESUMPTION;
  }

  // ---- the end

  @Override
  public boolean isFinished() {
    if (!isDone()) {
      return false;
    }
    byte now = (byte) ENDED.getOpaque(this);
    return now == OVER || (now == SETTLING && !super.isCompletedExceptionally());
  }

  /** Volatile, for those who have written something before that the ending thread looks at. */
  final boolean hasEnded() {
    return (byte) ENDED.getVolatile(this) != 0;
  }

  /**
   * {@inheritDoc} Not here: who has ended the body wakes them, when its other duties are done. If a
   * canceller came first in between, a token that is to be handed up would find nobody.
   */
  @Override
  protected final void wakeIfFinished() {}

  /** To be called before the outcome of the body is published. */
  final void markEnded() {
    ENDED.setOpaque(this, OVER);
  }

  /**
   * The body has ended with a value.
   *
   * @return false if somebody has given this another outcome, which stays
   */
  final boolean endWithValue(@Nullable T value) {
    markEnded();
    return decide(value);
  }

  /**
   * As {@link #endWithValue}, with a value that has to go back if it is not the outcome. {@link
   * #settled} is to be called when that is done.
   */
  final boolean settleWithValue(@Nullable T value) {
    ENDED.setOpaque(this, SETTLING);
    return decide(value);
  }

  /** The value is the outcome, or is back. */
  final void settled() {
    ENDED.setVolatile(this, OVER); // before the look at who awaits this
  }

  /** As {@link #endWithValue}, with a failure. */
  final boolean endWithFailure(Throwable error) {
    markEnded();
    return decideExceptionally(error);
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
    if (Cancellation.markTold(this)) {
      Cancellation.descend(this);
    }
  }

  /**
   * The executor is halted: the innermost frame is taken out of whatever it waits for and woken, so
   * that its executor rejects it. Whatever was told before.
   */
  public void force() {
    set(TOLD | ORIGIN | PENDING | FORCED);
    Cancellation.descend(this);
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
        && askToStop(task, this);
  }
}
