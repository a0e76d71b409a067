package dev.weft.frame;

import dev.weft.AsyncExecutor;
import java.util.concurrent.CompletableFuture;

/** A frame as the weaver would make it, with its body in a lambda. */
public final class HandWritten<T> extends Frame<T> {
  /** A state machine. */
  public interface Body<T> {
    /**
     * Runs to the next suspension point.
     *
     * @param awaited what the frame was parked on; null in state 0
     */
    Object resume(HandWritten<T> frame, int state, CompletableFuture<?> awaited) throws Throwable;
  }

  private final Body<T> body;

  /** How often the body was resumed. */
  int polls;

  /** How often it has ended. */
  int ends;

  /** A frame that is yet to run. */
  public HandWritten(AsyncExecutor executor, Body<T> body) {
    super(executor);
    this.body = body;
  }

  /** A call that is yet to suspend, where it runs. */
  public HandWritten(Body<T> body) {
    this.body = body;
  }

  /** An async method that awaits one future and returns its result. */
  public static <T> HandWritten<T> awaiting(AsyncExecutor executor, CompletableFuture<T> future) {
    HandWritten<T> frame =
        new HandWritten<>(executor, (self, state, awaited) -> Settled.value(Await.take(awaited)));
    frame.park(future, 1);
    return frame;
  }

  /** Calls it as woven code is called: its first part is the caller's, in whose context it runs. */
  @SuppressWarnings("unchecked")
  public CompletableFuture<T> call() {
    Object outcome = resume();
    return outcome == SUSPENDED ? this : (CompletableFuture<T>) outcome;
  }

  /** What the body returns in order to wait. */
  public Object await(CompletableFuture<?> future, int nextState) {
    park(future, nextState);
    return SUSPENDED;
  }

  @Override
  protected Object resume() {
    polls++;
    CompletableFuture<?> awaited = state == 0 ? null : takeAwaited();
    try {
      return body.resume(this, state, awaited);
    } catch (Throwable error) {
      throw HandWritten.<RuntimeException>thrown(error);
    }
  }

  @Override
  protected void onEnd() {
    ends++;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E thrown(Throwable error) throws E {
    throw (E) error;
  }
}
