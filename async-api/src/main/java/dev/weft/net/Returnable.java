package dev.weft.net;

import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task whose value has to be given back if it reaches nobody.
 *
 * <pre>
 *   OPEN -&gt; TAKEN      somebody was given the value, or has hung something on the task
 *   OPEN -&gt; RETURNED   it was abandoned before that
 * </pre>
 *
 * Both by compare-and-set, so the value goes one way and only once, however many methods share the
 * task: one that is cancelled takes nothing from under the others.
 *
 * @param <T> the type of the value
 */
abstract class Returnable<T extends @Nullable Object> extends Task<T> {
  private static final int OPEN = 0;
  private static final int TAKEN = 1;
  private static final int RETURNED = 2;

  private static final VarHandle FATE;

  static {
    try {
      FATE = MethodHandles.lookup().findVarHandle(Returnable.class, "fate", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through FATE
  private volatile int fate;

  /** Takes a value back that reaches nobody. From any thread, at most once. */
  abstract void giveBack(T value);

  private T taken(T value) {
    markTaken();
    refuseReturned();
    return value;
  }

  private void markTaken() {
    if (fate == OPEN) {
      FATE.compareAndSet(this, OPEN, TAKEN);
    }
  }

  private void refuseReturned() {
    if (fate == RETURNED) {
      throw new CancellationException(
          "the only method that awaited it was cancelled, and what it brought was given back");
    }
  }

  @Override
  public T join() {
    return taken(super.join());
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return taken(super.get());
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return taken(super.get(timeout, unit));
  }

  /** {@inheritDoc} A mere look: it takes nothing. */
  @Override
  public T getNow(T valueIfAbsent) {
    refuseReturned();
    return super.getNow(valueIfAbsent);
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    markTaken();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    markTaken();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    markTaken();
    return super.minimalCompletionStage();
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone(); // with what it was to bring, if that came first
  }

  @Override
  protected final void onAbandoned() {
    if (cancel(false) || isCompletedExceptionally()) {
      return;
    }
    T value = super.join();
    if (FATE.compareAndSet(this, OPEN, RETURNED)) {
      giveBack(value);
    }
  }
}
