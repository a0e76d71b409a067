package dev.weft.handoff;

import dev.weft.select.Claim;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One who waits in a {@link WaitQueue} for something that is handed over: a permit, a lock, a
 * message. Whoever hands over decides first, under the lock of what is waited for ({@link #claim}),
 * and delivers when it has let go of the lock ({@link #grant}), because that runs whatever hangs on
 * the task.
 *
 * <pre>
 *   WAITING   -&gt; GRANTED     who hands over, under the lock: from here on it gets it
 *   WAITING   -&gt; WITHDRAWN   whoever gives the task another outcome: cancel, a time limit, complete
 *   GRANTED   -&gt; DELIVERED   who hands over, after the outcome
 *   GRANTED   -&gt; ABANDONED   it reaches nobody any more: who hands over gives it back
 * </pre>
 *
 * By compare-and-set, so who waits is either taken out of the queue or gets what it waited for, and
 * never both. In a select, {@code GRANTED} needs the {@link Claim} as well.
 *
 * <p>Between GRANTED and the outcome, {@code cancel} says false although the task is not done yet:
 * it ends in a moment, with its value.
 *
 * @param <T> what is handed over
 */
public abstract class Waiting<T extends @Nullable Object> extends Returnable<T> {
  static final int WAITING = 0;
  static final int GRANTED = 1;
  static final int DELIVERED = 2;
  static final int WITHDRAWN = 3;
  static final int ABANDONED = 4;

  /** What those end with that are beaten in a select, and that nobody sees. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no trace that could mislead
  private static final CancellationException BEATEN = new Beaten();

  private static final VarHandle STAGE;

  static {
    try {
      STAGE = MethodHandles.lookup().findVarHandle(Waiting.class, "stage", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Claim claim;

  @SuppressWarnings("unused") // through STAGE
  private volatile int stage;

  /** Its place in the queue, which alone reads and writes them, under the lock of its owner. */
  @Nullable Waiting<T> previous;

  @Nullable Waiting<T> next;

  @Nullable WaitQueue<T> queue;

  /**
   * One who waits.
   *
   * @param claim of a select of which this is a branch; else null
   */
  protected Waiting(@Nullable Claim claim) {
    this.claim = claim;
  }

  /**
   * Called when this waits no longer, and has not got anything. On the thread of who withdrew it,
   * without any lock. Takes this out of its queue, under the lock of that, and sees whether others
   * can go on now.
   */
  protected abstract void onWithdrawn();

  // ---- who hands over

  /**
   * Decides that this one gets it. Under the lock of what is waited for; {@link #grant} or {@link
   * #refuse} has to follow, without it.
   *
   * @return false if it does not wait any more: the next one's turn
   */
  public final boolean claim() {
    return (claim == null || claim.win(this)) && move(WAITING, GRANTED);
  }

  /** Ends the task with what is handed over. After {@link #claim}, and without any lock. */
  public void grant(T value) {
    super.complete(value);
    if (!move(GRANTED, DELIVERED)) {
      super.onAbandoned(); // which did nothing when it was called, as there was no outcome yet
    }
  }

  /** Ends the task with a failure: there will be nothing any more. As {@link #grant}. */
  public final void refuse(Throwable error) {
    super.completeExceptionally(error);
    move(GRANTED, DELIVERED);
  }

  final int stage() {
    return stage;
  }

  final boolean move(int from, int to) {
    return STAGE.compareAndSet(this, from, to);
  }

  /** Gives a task that does not wait an outcome. */
  final void settle(T value) {
    super.complete(value);
  }

  /** As {@link #settle}, with a failure. */
  final void settleExceptionally(Throwable error) {
    super.completeExceptionally(error);
  }

  // ---- who gives it another outcome

  private boolean withdraw() {
    return (claim == null || claim.winner() != this) && move(WAITING, WITHDRAWN);
  }

  @Override
  public boolean complete(@Nullable T value) {
    return withdraw() && withdrawn(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return withdraw() && withdrawn(super.completeExceptionally(error));
  }

  /** Waits no longer. False if it has got what it waited for, or is about to. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!withdraw()) {
      return isCancelled();
    }
    if (claim != null && claim.winner() != null) {
      super.obtrudeException(BEATEN); // nobody else sets it; and it is no failure to be heard of
      return withdrawn(true);
    }
    return withdrawn(super.cancel(mayInterruptIfRunning));
  }

  private boolean withdrawn(boolean settled) {
    onWithdrawn();
    return settled;
  }

  @Override
  public void obtrudeValue(@Nullable T value) {
    if (withdraw()) {
      onWithdrawn();
    }
    super.obtrudeValue(value);
  }

  @Override
  public void obtrudeException(Throwable error) {
    if (withdraw()) {
      onWithdrawn();
    }
    super.obtrudeException(error);
  }

  /** {@inheritDoc} At once, or in a moment with what is on its way. */
  @Override
  protected boolean stop() {
    cancel(false);
    return true;
  }

  @Override
  protected void onAbandoned() {
    if (!cancel(false) && !move(GRANTED, ABANDONED)) {
      super.onAbandoned();
    }
  }

  /** Without a stack trace, which takes longer than all the rest. */
  private static final class Beaten extends CancellationException {
    private static final long serialVersionUID = 1;

    Beaten() {
      super("another operation of the select has come first, or it was cancelled");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
