package dev.weft.handoff;

/**
 * What a {@link HandOff} asks of those who know what its items are.
 *
 * @param <T> the type of the items
 */
abstract class ItemHooks<T> {
  /** What an item counts towards the limit. */
  protected abstract int weigh(T item);

  /** Frees an item that nobody is going to take. */
  protected abstract void discard(T item);

  /** {@link HandOff#isFull} has changed. Called on the thread that changed it, without the lock. */
  protected abstract void onFullChanged();

  /** A taker is about to wait. Called on its thread, without the lock. */
  protected abstract void onWaiting();

  /** What a taker waits for, for people: {@code a read from /127.0.0.1:5000}. */
  protected abstract String wanted();

  /** The message of the exception that a second taker gets. */
  protected abstract String busy();
}
