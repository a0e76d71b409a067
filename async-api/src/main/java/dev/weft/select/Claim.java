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
 * static boolean hand(Queue<String> messages, Claim claim, Task<String> receiver) {
 *   if (!claim.win(receiver)) {
 *     return false;                       // another operation has happened
 *   }
 *   return receiver.complete(messages.poll());
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

  /** What all operations want, where this is what one of them is given of it; else null. */
  private final @Nullable Claim shared;

  /** In a claim of one operation: in whose name it tries, written before it has won. */
  @SuppressWarnings("unused") // through WINNER
  private volatile @Nullable Object winner;

  /** A claim that nobody has. */
  public Claim() {
    shared = null;
  }

  /**
   * One operation's part in a claim. If it wins, it is this that has the claim, in whatever name:
   * so a select knows which operation it was.
   */
  Claim(Claim shared) {
    this.shared = shared;
  }

  /** Takes the claim; false if somebody has it. From any thread. */
  public boolean win(Object operation) {
    if (shared == null) {
      return WINNER.compareAndSet(this, null, operation);
    }
    if (shared.winner != null) {
      return false;
    }
    winner = operation;
    return shared.win(this);
  }

  /** Who has it; null if nobody. */
  public @Nullable Object winner() {
    if (shared == null) {
      return winner;
    }
    Object first = shared.winner;
    return first == this ? winner : first;
  }

  /** True if another claim is of the same select: of two such operations not both can happen. */
  public boolean isRivalOf(@Nullable Claim other) {
    return other != null && other.root() == root();
  }

  private Claim root() {
    return shared == null ? this : shared;
  }
}
