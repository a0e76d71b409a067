package dev.weft.scope;

import dev.weft.handoff.Returnable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a scope's tasks, with the result. What that holds and nobody gets is back before this
 * is finished: who awaits it may ask for the next one then.
 */
final class Joining<R extends @Nullable Object> extends Returnable<R> {
  /** The result is about to be the outcome. If it is, this is finished with that. */
  private static final int SETTLING = 1;

  /** There is none, and what was kept is about to be given back. */
  private static final int DROPPING = 2;

  private static final int OVER = 3;

  private final Policy<R> policy;
  private final Runnable cancelScope;

  /**
   * Nothing runs any more. Written before the outcome, which publishes it; and OVER before the look
   * at who awaits this.
   */
  private volatile int end;

  Joining(Policy<R> policy, Runnable cancelScope) {
    this.policy = policy;
    this.cancelScope = cancelScope;
  }

  @Override
  protected String describeWait() {
    return "the tasks of a TaskScope";
  }

  /**
   * Nothing runs any more.
   *
   * @param whyNot why there is no result; null if there is one
   */
  void conclude(@Nullable Throwable whyNot) {
    try {
      Throwable error = whyNot == null ? settle() : whyNot;
      if (error != null) {
        end = DROPPING;
        decideExceptionally(error);
        policy.drop();
      }
    } finally {
      end = OVER;
      wakeAwaiters();
    }
  }

  /** Ends with the result; why that could not be had, or null. */
  private @Nullable Throwable settle() {
    R result;
    try {
      result = policy.result();
    } catch (CancellationException gone) {
      return gone;
    }
    end = SETTLING;
    if (!decide(result)) {
      policy.giveBack(); // somebody has given this another outcome
    }
    return null;
  }

  @Override
  public boolean isFinished() {
    int now = end;
    return isDone() && (now == OVER || (now == SETTLING && !super.isCompletedExceptionally()));
  }

  @Override
  protected void giveBack(R value) {
    policy.giveBack();
  }

  @Override
  protected boolean stop() {
    cancelScope.run();
    return true;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    settled(!isDone() && super.cancel(mayInterruptIfRunning));
    return isCancelled();
  }

  @Override
  public boolean complete(@Nullable R value) {
    return settled(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return settled(super.completeExceptionally(error));
  }

  private boolean settled(boolean first) {
    if (first) {
      cancelScope.run();
    }
    return first;
  }
}
