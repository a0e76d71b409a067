package dev.weft.scheduler.blocking;

import dev.weft.frame.Carrier;
import dev.weft.frame.LocalContext;
import dev.weft.frame.TaskLabel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One call on the blocking pool, whose outcome completes the task at once. */
public final class BlockingCall<T extends @Nullable Object> extends InterruptibleCall<T> {
  private final BlockingPool pool;
  private final Class<?> origin;

  BlockingCall(BlockingPool pool, Callable<T> call) {
    super(
        call,
        LocalContext.captureFor(pool.contextClassLoader()),
        Carrier.current() == null,
        isCleaningUp(Carrier.current()));
    this.pool = pool;
    this.origin = call.getClass();
  }

  private static boolean isCleaningUp(@Nullable Carrier carrier) {
    return carrier != null && carrier.isCleaningUp();
  }

  @Override
  protected void returned(@Nullable T value, @Nullable Throwable error) {
    settle(value, error);
    pool.ended(this); // last: a virtual clock stands still until whoever awaits this is woken
  }

  @Override
  protected void neverMade() {
    pool.ended(this);
  }

  /** The pool has heard of it when the call was prevented. */
  @Override
  protected void passedOver() {}

  @Override
  public String describe() {
    return TaskLabel.describe(origin);
  }
}
