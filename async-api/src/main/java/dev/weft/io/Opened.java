package dev.weft.io;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.handoff.Acquiring;
import org.jspecify.annotations.Nullable;

/**
 * What a blocking call brings that has to be closed. The call itself is not cancelled, as it could
 * bring its value all the same: if nobody wants that any more it is closed, and if the call has not
 * begun it is not made.
 */
abstract class Opened<T> extends Acquiring<T> {
  // ---- guarded by this

  private boolean over;
  private @Nullable T brought;

  /** Blocks. */
  protected abstract T open() throws Exception;

  final Task<T> begin(AsyncExecutor executor) {
    Task<@Nullable T> call = executor.spawnBlocking(this::openUnlessOver);
    call.whenComplete(
        (value, error) -> {
          if (value != null) {
            deliver(value);
          } else {
            failed(error);
          }
        });
    return this;
  }

  private @Nullable T openUnlessOver() throws Exception {
    if (isDone() || isOver()) {
      return null;
    }
    T value = open();
    synchronized (this) {
      if (!over) {
        brought = value;
        return value;
      }
    }
    discard(value);
    return null;
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Also if the executor has ended the call, and it runs on. */
  private void failed(@Nullable Throwable error) {
    T lost;
    synchronized (this) {
      over = true;
      lost = brought;
      brought = null;
    }
    if (lost != null) {
      discard(lost);
    }
    if (error == null) {
      cancel(false);
    } else {
      completeExceptionally(causeOf(error));
    }
  }

  @Override
  protected final void giveUp() {}
}
