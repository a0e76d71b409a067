package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Frame;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A suspended call of one of this package's async methods, which are written by hand: this module
 * is not woven. One object for each call that has to wait, none for one that has not.
 */
final class Call extends Frame<Object> {
  /** The method behind it: a state machine. */
  interface Body {
    /**
     * Goes on after an await.
     *
     * @param call this call, to be suspended again
     * @param state where it was suspended
     * @param awaited what it waited for, complete; or a failure in its place, if it was told that
     *     it is cancelled
     * @return a settled task with the outcome, or what {@link Call#suspend} has returned
     */
    Task<?> resume(Call call, int state, CompletableFuture<?> awaited);
  }

  private final Body body;

  private Call(Body body) {
    this.body = body;
  }

  /** A call that is yet to be suspended; the one that was resumed, if there is one. */
  static Call of(@Nullable Call resumed, Body body) {
    return resumed != null ? resumed : new Call(body);
  }

  /**
   * Suspends a call until a future is complete. Nobody touches it after that.
   *
   * @param resumed whether it is not the first time
   * @return what the body has to return
   */
  static Task<?> suspend(Call call, boolean resumed, CompletableFuture<?> future, int state) {
    return call.suspendOn(future, state, resumed ? call : null);
  }

  @Override
  protected Object resume() {
    return body.resume(this, state, takeAwaited());
  }
}
