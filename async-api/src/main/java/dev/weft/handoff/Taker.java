package dev.weft.handoff;

import org.jspecify.annotations.Nullable;

/**
 * Who takes something out of a {@link HandOff}, as the task that ends with it.
 *
 * <p>{@link #absorb}, {@link #rest} and {@link #undo} are called under the queue's lock, the others
 * without it and one at a time.
 *
 * @param <T> the type of the items
 * @param <R> the type of what is made of them
 */
public abstract class Taker<T, R extends @Nullable Object> extends Returnable<R> {
  private final HandOff<T> source;

  /** For one call of {@link HandOff#take(Taker)}. */
  protected Taker(HandOff<T> source) {
    this.source = source;
  }

  @Override
  protected String describeWait() {
    return source.wanted();
  }

  /** Takes an item over. True if that is enough. */
  protected abstract boolean absorb(T item);

  /** What is left over of the last item, once there is enough; or null. */
  protected @Nullable T rest() {
    return null;
  }

  /** There is enough: ends the task. True if what was absorbed is used up by that. */
  protected abstract boolean enough();

  /** All that was absorbed and is not left over, as one item, which it no longer has; or null. */
  protected abstract @Nullable T undo();

  /** The weight of that, as far as it counts. */
  protected int absorbed() {
    return 0;
  }

  /** There will be no more: ends the task. True if what was absorbed is used up by that. */
  protected abstract boolean endOfItems();

  /** The items have ended with a failure: ends the task with it. What was absorbed goes back. */
  final boolean fail(Throwable failure) {
    completeExceptionally(failure);
    return false;
  }

  /** Gives an item back to the head of the queue. From any thread. */
  protected final void putBack(T item) {
    source.giveBack(item);
  }
}
