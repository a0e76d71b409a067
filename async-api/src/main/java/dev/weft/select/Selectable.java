package dev.weft.select;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * An operation that can stand beside others, of which one happens: to receive a message, to get a
 * lock. It starts when it is selected from, not before, and each time anew; it has no effect unless
 * it is the one that happens.
 *
 * <p>For an operation of your own:
 *
 * <pre>{@code
 * final class OnPoll extends Selectable<String> {
 *   private final Queue<String> messages = new ConcurrentLinkedQueue<>();
 *
 *   protected Task<String> start(Claim claim) {
 *     synchronized (messages) {
 *       if (messages.isEmpty() || !claim.win(this)) {
 *         return new Task<>();            // for whoever brings a message, and wins the claim first
 *       }
 *       return done(messages.poll());
 *     }
 *   }
 * }
 * }</pre>
 *
 * @param <T> what it brings
 */
public abstract class Selectable<T extends @Nullable Object> {
  /** For subclasses. */
  protected Selectable() {}

  /**
   * Begins the operation. From any thread.
   *
   * @param claim to be won before the operation has any effect, now or later; once it is somebody
   *     else's, there must be none
   * @return ends when the operation has won the claim and happened, or with a failure for which it
   *     has won the claim too. When another has won it, this is cancelled, and the operation has to
   *     forget about it. What it has brought and nobody takes is given back as by any other task.
   */
  protected abstract Task<T> start(Claim claim);
}
