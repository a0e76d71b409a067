package dev.weft.handoff;

import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task whose value has to be given back if it reaches nobody.
 *
 * <p>Several methods may share it. So each claims the value before it uses it, and takes the claim
 * back if it could not pass the value on because it was cancelled. Only a value that nobody claims
 * is given back, and whoever comes after that finds the task cancelled: it goes one way, and once.
 *
 * <pre>
 *   0 -&gt; 1 -&gt; 2 ..       claims: join, get, whatever hangs on the task, a method that ends with it
 *   1 -&gt; RETURNED        the last claim is taken back
 *   0 -&gt; RETURNED        the task is abandoned
 * </pre>
 *
 * By compare-and-set. {@code getNow} is a mere look and claims nothing.
 *
 * @param <T> the type of the value
 */
public abstract class Returnable<T extends @Nullable Object> extends Task<T> {
  private static final int RETURNED = -1;

  private static final VarHandle CLAIMS;

  static {
    try {
      CLAIMS = MethodHandles.lookup().findVarHandle(Returnable.class, "claims", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through CLAIMS
  private volatile int claims;

  /** Takes a value back that reaches nobody. From any thread, at most once. Must not throw. */
  protected abstract void giveBack(T value);

  @Override
  protected boolean onClaimed() {
    while (true) {
      int before = claims;
      if (before == RETURNED) {
        return false;
      }
      if (CLAIMS.compareAndSet(this, before, before + 1)) {
        return true;
      }
    }
  }

  @Override
  protected final void onUnclaimed() {
    while (true) {
      int before = claims;
      if (before == 1 ? giveBackFrom(1) : CLAIMS.compareAndSet(this, before, before - 1)) {
        return;
      }
    }
  }

  @Override
  protected void onAbandoned() {
    if (!cancel(false) && !isCompletedExceptionally()) {
      giveBackFrom(0);
    }
  }

  private boolean giveBackFrom(int before) {
    if (!CLAIMS.compareAndSet(this, before, RETURNED)) {
      return false;
    }
    T value = super.join();
    obtrudeException(givenBack()); // for those who come later
    giveBack(value);
    return true;
  }

  private T claimed(T value) {
    if (!onClaimed()) {
      throw givenBack();
    }
    return value;
  }

  @Override
  public T join() {
    return claimed(super.join());
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return claimed(super.get());
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return claimed(super.get(timeout, unit));
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    onClaimed();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    onClaimed();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    onClaimed();
    return super.minimalCompletionStage();
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone(); // with what it was to bring, if that came first
  }
}
