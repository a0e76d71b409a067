package dev.weft.handoff;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for something, in the order in which they came. Belongs to what is waited for, and is
 * used under its lock alone. One who is withdrawn is taken out in constant time, wherever it
 * stands.
 *
 * @param <T> what is handed over
 */
public final class WaitQueue<T extends @Nullable Object> {
  private @Nullable Waiting<T> first;
  private @Nullable Waiting<T> last;
  private int size;

  /** True if nobody waits here. */
  public boolean isEmpty() {
    return first == null;
  }

  /** How many stand here, those included who were withdrawn and are about to leave. */
  public int size() {
    return size;
  }

  /** Who has waited for longest; null if nobody does. */
  public @Nullable Waiting<T> peek() {
    return first;
  }

  /** Who stands behind another; null at the end. */
  public @Nullable Waiting<T> after(Waiting<T> waiting) {
    return waiting.next;
  }

  /** Puts one at the end. */
  public void add(Waiting<T> waiting) {
    waiting.queue = this;
    waiting.previous = last;
    if (last == null) {
      first = waiting;
    } else {
      last.next = waiting;
    }
    last = waiting;
    size++;
  }

  /** Puts one before all others. */
  public void addFirst(Waiting<T> waiting) {
    waiting.queue = this;
    waiting.next = first;
    if (first == null) {
      last = waiting;
    } else {
      first.previous = waiting;
    }
    first = waiting;
    size++;
  }

  /** Takes one out; false if it was not here. */
  public boolean remove(Waiting<T> waiting) {
    if (waiting.queue != this) {
      return false;
    }
    Waiting<T> before = waiting.previous;
    Waiting<T> after = waiting.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiting.queue = null;
    waiting.previous = null;
    waiting.next = null;
    size--;
    return true;
  }

  /**
   * Takes out who is to get something next, and decides that it does; who was withdrawn meanwhile
   * is dropped on the way.
   *
   * @return null if nobody waits
   */
  public @Nullable Waiting<T> claimFirst() {
    for (Waiting<T> waiting; (waiting = first) != null; ) {
      remove(waiting);
      if (waiting.claim()) {
        return waiting;
      }
    }
    return null;
  }
}
