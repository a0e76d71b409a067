package dev.weft.sync;

import org.jspecify.annotations.Nullable;

/**
 * Tells those who have got something, one after the other and without any lock, because whatever
 * hangs on their tasks runs in it.
 *
 * <p>That may give back what it has just got, to the next one, on whose task the same hangs, and so
 * on, one call inside the other. From {@link #MOST_NESTED} on, the inner ones only put theirs into
 * a list, from which the outermost goes on: the stack is bounded, however many wait.
 *
 * <p>Confined to its thread.
 */
final class Deliveries {
  /** Guessed. Not 1: a callback may block for what the next one does. */
  private static final int MOST_NESTED = 16;

  private static final ThreadLocal<Deliveries> CURRENT = ThreadLocal.withInitial(Deliveries::new);

  private int nested;
  private @Nullable Queued<?> first;
  private @Nullable Queued<?> last;

  private Deliveries() {}

  /**
   * Delivers to each one of a list.
   *
   * @param granted linked by {@link Queued#nextGranted}; null if there are none
   */
  static void deliver(@Nullable Queued<?> granted) {
    if (granted != null) {
      CURRENT.get().toEach(granted);
    }
  }

  private void toEach(Queued<?> granted) {
    if (nested == MOST_NESTED) {
      append(granted);
      return;
    }
    nested++;
    try {
      for (Queued<?> next = granted; next != null; ) {
        Queued<?> after = next.nextGranted;
        next.nextGranted = null;
        next.deliver();
        next = after;
      }
      while (nested == 1 && first != null) {
        Queued<?> next = first;
        first = next.nextGranted;
        next.nextGranted = null;
        next.deliver();
      }
    } finally {
      nested--;
    }
  }

  private void append(Queued<?> granted) {
    if (first == null) {
      first = granted;
    } else if (last != null) {
      last.nextGranted = granted;
    }
    Queued<?> end = granted;
    while (end.nextGranted != null) {
      end = end.nextGranted;
    }
    last = end;
  }
}
