package dev.weft.handoff;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A task that is to bring something which must be closed. What it brings is closed if it reaches
 * nobody; and if somebody else settles the task first (cancels it, puts a time limit on it with
 * {@code orTimeout}, completes it), what is under way is given up.
 *
 * @param <T> what is acquired
 */
public abstract class Acquiring<T> extends Returnable<T> {
  /** Ends what is under way. From any thread; also when there is nothing, and more than once. */
  protected abstract void giveUp();

  /** Closes what was acquired and has reached nobody. From any thread. */
  protected abstract void discard(T acquired);

  /** Ends the task with what was acquired, or closes that. */
  protected final void deliver(T acquired) {
    if (!super.complete(acquired)) {
      discard(acquired);
    }
  }

  @Override
  public boolean complete(@Nullable T value) {
    return settled(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return settled(super.completeExceptionally(error));
  }

  /** Gives the attempt up, and closes its socket at once. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return settled(super.cancel(mayInterruptIfRunning));
  }

  private boolean settled(boolean now) {
    if (now) {
      giveUp();
    }
    return now;
  }

  @Override
  protected final void giveBack(T acquired) {
    discard(acquired);
  }

  /** The failure of a stage without what {@link CompletableFuture} puts around it. */
  protected static Throwable causeOf(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
