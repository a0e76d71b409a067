package dev.weft.node.pool;

import dev.weft.frame.LocalContext;
import dev.weft.node.host.CodeName;
import dev.weft.scheduler.blocking.InterruptibleCall;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One call on the pool, whose outcome comes back to the loop before it completes the task. */
public final class PoolCall<T extends @Nullable Object> extends InterruptibleCall<T> {
  private final WorkerPool pool;
  private final Class<?> origin;

  PoolCall(WorkerPool pool, Callable<T> call) {
    super(
        call,
        LocalContext.captureFor(pool.owner().contextClassLoader()),
        !pool.owner().isOnThread(),
        pool.owner().isOnThread() && pool.owner().isCleaningUp());
    this.pool = pool;
    this.origin = call.getClass();
  }

  @Override
  protected void returned(@Nullable T value, @Nullable Throwable error) {
    pool.owner().post(new Outcome<>(this, value, error));
  }

  /** Its place in line is still to come up; it keeps the loop alive until then. */
  @Override
  protected void neverMade() {}

  @Override
  protected void passedOver() {
    pool.owner().post(this::leave);
  }

  private void leave() {
    pool.ended(this);
  }

  private void arrive(@Nullable T value, @Nullable Throwable error) {
    leave();
    settle(value, error);
  }

  @Override
  public String describe() {
    return CodeName.of(origin);
  }

  /**
   * A call's outcome on its way to the loop. If the loop has ended, it is delivered all the same.
   */
  public record Outcome<T extends @Nullable Object>(
      PoolCall<T> call, @Nullable T value, @Nullable Throwable error) implements Runnable {
    @Override
    public void run() {
      call.arrive(value, error);
    }
  }
}
