package dev.weft.select;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Which one of several operations happens. All of them are under way at the same time, in queues
 * that know nothing of each other; the first that could happen takes the claim, and the others find
 * it taken and have no effect. Go's {@code selectDone}.
 *
 * <pre>
 *   null -&gt; the winner     compare-and-set, by whoever would make an operation happen: under the lock
 *                          of its queue, before anything is taken out of or put into it
 *   null -&gt; anything else  by who gives up on all of them
 * </pre>
 *
 * <pre>{@code
 * if (claim.win(this)) {
 *   deliver(messages.poll());   // nobody else's operation happens any more
 * }
 * }</pre>
 */
public final class Claim {
  private static final VarHandle WINNER;

  static {
    try {
      WINNER = MethodHandles.lookup().findVarHandle(Claim.class, "winner", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through WINNER
  private volatile @Nullable Object winner;

  /** A claim that nobody has. */
  public Claim() {}

  /** Takes the claim; false if somebody has it. From any thread. */
  public boolean win(Object operation) {
    return WINNER.compareAndSet(this, null, operation);
  }

  /** Who has it; null if nobody. */
  public @Nullable Object winner() {
    return winner;
  }
}
