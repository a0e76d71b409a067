package dev.weft.sync;

import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Those of several consumers who wait, or have waited, for what goes to all of them: a message of a
 * {@link Broadcast}, a change of a {@link Watch}. Used under the lock of that, but for {@link
 * #wake}.
 *
 * <p>One whose consumer waits is here: it comes before the lock is let go of under which there was
 * nothing for it, and if it was taken out and there is nothing all the same, {@link Inlet#deliver}
 * puts it back.
 */
final class Audience {
  private final Object lock;
  private final LinkedHashSet<Inlet<?>> waiting = new LinkedHashSet<>();

  Audience(Object lock) {
    this.lock = lock;
  }

  /** One whose consumer waits; it may be here already. */
  void add(Inlet<?> inlet) {
    waiting.add(inlet);
  }

  /** One that has left: it would stand here until something is sent. */
  void remove(Inlet<?> inlet) {
    waiting.remove(inlet);
  }

  int size() {
    return waiting.size();
  }

  /**
   * Has something delivered to the first ones. Without the lock.
   *
   * @param count as many as there were when it was put in: who gets one may come back for the next
   *     before we are through
   */
  void wake(int count) {
    for (int i = 0; i < count; i++) {
      Inlet<?> first;
      synchronized (lock) {
        first = takeFirst();
      }
      if (first == null) {
        return;
      }
      first.deliver();
    }
  }

  private @Nullable Inlet<?> takeFirst() {
    Iterator<Inlet<?>> all = waiting.iterator();
    if (!all.hasNext()) {
      return null;
    }
    Inlet<?> first = all.next();
    all.remove();
    return first;
  }
}
