package dev.weft.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A link's place among the dependents of a plain future.
 *
 * <p>A {@code CompletableFuture} has no way to take a dependent back. So one whose link has let go
 * of it stays where it is, and waits in {@link IdleWaiters} for the next link that awaits the same
 * future. A future that lives long then has as many of them as there ever were links awaiting it at
 * the same time, and no more.
 *
 * <pre>
 *   null -&gt; link    the link's owner, in hang, before or after this stands among the dependents
 *   link -&gt; null    the future's completer, which wakes the link; or who withdraws it, and owns
 *                   its wake-up (compare-and-set)
 * </pre>
 */
final class Waiter implements BiConsumer<Object, Throwable> {
  private static final VarHandle LINK;

  static {
    try {
      LINK = MethodHandles.lookup().findVarHandle(Waiter.class, "link", Link.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Null while it is idle, so that nothing but the future itself keeps the future alive. */
  @Nullable CompletableFuture<?> future;

  /** Greater than that of every waiter which the same thread has armed before. */
  long order;

  @SuppressWarnings("unused") // through LINK
  private volatile @Nullable Link<?> link;

  private @Nullable Throwable refusal;

  /** Where it is while it is idle. */
  volatile IdleWaiters.@Nullable Shelf shelf;

  /**
   * Has a link woken when a plain future is complete. Called by the link's owner; when it returns,
   * another thread may have woken the link.
   *
   * @param links where to note what the link waits for, if it is the root of linked frames
   */
  static void hang(
      Link<?> link, CompletableFuture<?> future, long order, @Nullable LinkedFrames links) {
    Waiter idle = IdleWaiters.take(future);
    Waiter waiter = idle != null ? idle : new Waiter();
    link.setSource(waiter, links);
    waiter.arm(future, link, order);
    if (idle == null) {
      try {
        future.whenComplete(waiter);
      } catch (Throwable refused) { // a subclass of CompletableFuture with a will of its own
        waiter.fail(refused);
      }
    } else if (future.isDone() && waiter.withdraw(link)) {
      link.wake(); // its completer may have called it while it was idle
    }
  }

  private void arm(CompletableFuture<?> awaited, Link<?> awaiting, long number) {
    future = awaited;
    order = number;
    link = awaiting;
  }

  /** What a link waits for, behind a waiter or not. */
  static @Nullable CompletableFuture<?> futureIn(@Nullable Object source) {
    return source instanceof Waiter waiter ? waiter.future : (CompletableFuture<?>) source;
  }

  /** True if a link is here. */
  boolean holds(Link<?> expected) {
    return link == expected;
  }

  /** Takes a link out; true if it was here. */
  boolean withdraw(Link<?> expected) {
    if (!LINK.compareAndSet(this, expected, null)) {
      return false;
    }
    CompletableFuture<?> awaited = future;
    if (awaited != null && refusal == null && !awaited.isDone()) {
      future = null;
      IdleWaiters.put(awaited, this);
    }
    return true;
  }

  @Override
  public void accept(@Nullable Object value, @Nullable Throwable error) {
    Link<?> woken = (Link<?>) LINK.getAndSet(this, null);
    if (woken != null) {
      woken.wake();
      return;
    }
    IdleWaiters.Shelf mine = shelf;
    if (mine != null) {
      mine.drop();
    }
  }

  /** The future would not take us as its dependent: that error is what the await throws. */
  void fail(Throwable error) {
    Link<?> woken = link;
    if (woken != null) {
      refusal = error;
      if (LINK.compareAndSet(this, woken, null)) {
        woken.wake();
      }
    }
  }

  /** What the future has come to. Does not block. */
  CompletableFuture<?> outcome() {
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    CompletableFuture<?> awaited = future;
    if (awaited == null || !awaited.isDone()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException(
              "the awaited future has called back and is not complete"
                  + (awaited == null ? "" : ": " + awaited.getClass().getName())
                  + ". Its whenComplete must not call back before isDone() is true"));
    }
    return awaited;
  }
}
