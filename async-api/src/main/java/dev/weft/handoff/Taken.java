package dev.weft.handoff;

import org.jspecify.annotations.Nullable;

/**
 * One taker's future item.
 *
 * @param <T> the type of the items
 */
final class Taken<T> extends Taker<T, @Nullable T> {
  private @Nullable T item;

  Taken(HandOff<T> source) {
    super(source);
  }

  @Override
  protected boolean absorb(T next) {
    item = next;
    return true;
  }

  @Override
  protected boolean enough() {
    return complete(item);
  }

  @Override
  protected @Nullable T undo() {
    T undone = item;
    item = null;
    return undone;
  }

  @Override
  protected boolean endOfItems() {
    complete(null);
    return true;
  }

  @Override
  protected void giveBack(@Nullable T back) {
    if (back != null) {
      putBack(back);
    }
  }
}
