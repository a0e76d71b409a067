package dev.weft.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A frame's place among the dependents of a future that has no free waiter slot. */
final class Waiter implements BiConsumer<Object, Throwable> {
  private static final VarHandle FRAME;

  static {
    try {
      FRAME = MethodHandles.lookup().findVarHandle(Waiter.class, "frame", Frame.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final CompletableFuture<?> future;

  /** Greater than that of every waiter which the same thread has made before. */
  final long order;

  @SuppressWarnings("unused") // through FRAME
  private volatile @Nullable Frame<?> frame;

  private @Nullable Throwable refusal;

  Waiter(CompletableFuture<?> future, long order) {
    this.future = future;
    this.order = order;
  }

  void setFrame(Frame<?> frame) {
    this.frame = frame;
  }

  @Nullable Frame<?> withdraw() {
    return (Frame<?>) FRAME.getAndSet(this, null);
  }

  @Override
  public void accept(@Nullable Object value, @Nullable Throwable error) {
    Frame<?> woken = withdraw();
    if (woken != null) {
      woken.wake();
    }
  }

  /** The future would not take us as its dependent: that error is what the await throws. */
  void fail(Throwable error) {
    Frame<?> woken = withdraw();
    if (woken != null) {
      refusal = error;
      woken.wake();
    }
  }

  CompletableFuture<?> outcome() {
    return refusal == null ? future : CompletableFuture.failedFuture(refusal);
  }
}
