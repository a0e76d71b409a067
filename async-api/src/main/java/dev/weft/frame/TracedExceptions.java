package dev.weft.frame;

import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions whose traces are completed, by identity and each for as long as somebody else
 * holds it. Any thread.
 *
 * <p>Failures come in thousands between two garbage collections, and die as fast. With a map of
 * keys, values and a queue of those that are garbage they would cost more than their stack traces,
 * most of it in the collector. So an entry is one object, the weak reference itself, and no queue
 * is told of it. The table drops those whose exceptions are gone when something is added for the
 * first time since a collection, and a part of it before it grows.
 *
 * <p>A part is guarded by its monitor, in which nothing is called that belongs to anybody else.
 */
final class TracedExceptions {
  /** So many threads may fail at once without waiting for each other. A power of two; guessed. */
  private static final int PARTS_BITS = 6;

  /** The places that a part has at least. A power of two; guessed. */
  private static final int LEAST = 16;

  /** A part of which no more than one place in so many was in use is made smaller. Guessed. */
  private static final int SPARSE = 8;

  private final Part[] parts = new Part[1 << PARTS_BITS];

  /** Of an object that nobody holds: it is gone when there was a collection. */
  private final AtomicReference<WeakReference<Object>> untilCollection =
      new AtomicReference<>(new WeakReference<>(new Object()));

  TracedExceptions() {
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part();
    }
  }

  /** Null for one that is not there. */
  @Nullable AsyncTrace find(Throwable error) {
    int hash = System.identityHashCode(error);
    return partOf(hash).find(error, hash, false);
  }

  /** Adds it, if it is not there. */
  AsyncTrace findOrAdd(Throwable error) {
    WeakReference<Object> sentinel = Objects.requireNonNull(untilCollection.get());
    if (sentinel.refersTo(null)
        && untilCollection.compareAndSet(sentinel, new WeakReference<>(new Object()))) {
      for (Part part : parts) { // all of them: else those to which nothing comes would keep theirs
        part.drop();
      }
    }
    int hash = System.identityHashCode(error);
    return Objects.requireNonNull(partOf(hash).find(error, hash, true));
  }

  /** With those that are garbage and still to be dropped. */
  int size() {
    int size = 0;
    for (Part part : parts) {
      synchronized (part) {
        size += part.size;
      }
    }
    return size;
  }

  private Part partOf(int hash) {
    return parts[hash & (parts.length - 1)];
  }

  private static int place(int hash, int places) {
    return hash >>> PARTS_BITS & (places - 1);
  }

  private static final class Part {
    @Nullable AsyncTrace[] places = new AsyncTrace[LEAST];
    int size;

    private boolean tidying;

    synchronized void drop() {
      if (size > 0) {
        tidy();
      }
    }

    synchronized @Nullable AsyncTrace find(Throwable error, int hash, boolean adds) {
      int at = place(hash, places.length);
      for (AsyncTrace one = places[at]; one != null && !tidying; one = one.next) {
        if (one.refersTo(error)) {
          return one;
        }
      }
      if (!adds) {
        return null;
      }
      if (tidying || size == places.length) {
        tidy();
        at = place(hash, places.length);
      }
      AsyncTrace made = new AsyncTrace(error, hash);
      made.next = places[at];
      places[at] = made;
      size++;
      return made;
    }

    /** Half of the places are free afterwards, so that it pays for as many additions. */
    private void tidy() {
      if (tidying) { // an error came in between: no memory, no stack. What is left is in disorder
        places = new AsyncTrace[LEAST];
        size = 0;
        tidying = false;
        return;
      }
      tidying = true;
      relink();
      tidying = false;
    }

    private void relink() {
      AsyncTrace alive = null;
      int count = 0;
      for (AsyncTrace head : places) {
        for (AsyncTrace one = head; one != null; ) {
          AsyncTrace next = one.next;
          one.next = null;
          if (!one.refersTo(null)) {
            one.next = alive;
            alive = one;
            count++;
          }
          one = next;
        }
      }
      int length = places.length;
      if (count == 0) {
        length = LEAST;
      } else if (count > length / 2) {
        length *= 2;
      } else if (size < length / SPARSE && length > LEAST) {
        length /= 2;
      }
      @Nullable AsyncTrace[] anew = new AsyncTrace[length];
      for (AsyncTrace one = alive; one != null; ) {
        AsyncTrace next = one.next;
        int at = place(one.hash, length);
        one.next = anew[at];
        anew[at] = one;
        one = next;
      }
      places = anew;
      size = count;
    }
  }
}
