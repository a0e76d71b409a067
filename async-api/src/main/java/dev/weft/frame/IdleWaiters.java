package dev.weft.frame;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Waiter}s that hang on a future of which their links have let go, a shelf for each such
 * future. Costs nothing as long as nobody has let go of a plain future that is still incomplete.
 *
 * <p>Futures are known here by identity and weakly; a waiter on a shelf does not refer to its
 * future. Both leave when the future is complete or garbage.
 */
final class IdleWaiters {
  private static final WeakIdentityMap<CompletableFuture<?>, Shelf> SHELVES =
      new WeakIdentityMap<>();

  private IdleWaiters() {}

  /** The idle waiters of one future. */
  static final class Shelf {
    private final Object key;
    private @Nullable Queue<Waiter> waiters = new ArrayDeque<>();

    private Shelf(Object key) {
      this.key = key;
    }

    /** False if it was dropped. */
    private synchronized boolean add(Waiter waiter) {
      return waiters != null && waiters.add(waiter);
    }

    private synchronized @Nullable Waiter poll() {
      return waiters == null ? null : waiters.poll();
    }

    /** The future is complete. */
    void drop() {
      synchronized (this) {
        waiters = null;
      }
      SHELVES.remove(key, this);
    }
  }

  /** Keeps a waiter whose link has let go of an incomplete future. */
  static void put(CompletableFuture<?> future, Waiter waiter) {
    SHELVES.expunge();
    Shelf shelf = SHELVES.get(future);
    if (shelf == null) {
      Object key = SHELVES.handle(future);
      shelf = SHELVES.putIfAbsent(key, new Shelf(key));
    }
    waiter.shelf = shelf;
    shelf.add(waiter);
    // Its completer calls each waiter once. If it called this one before it knew its shelf, the
    // future was complete before we look here.
    if (future.isDone()) {
      shelf.drop();
    }
  }

  /** A waiter that hangs on the future already; null if there is none to be had. */
  static @Nullable Waiter take(CompletableFuture<?> future) {
    if (SHELVES.isEmpty()) {
      return null;
    }
    Shelf shelf = SHELVES.get(future);
    return shelf == null ? null : shelf.poll();
  }
}
