package dev.weft.frame;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Waiter}s that hang on a future of which their links have let go, a shelf for each such
 * future. Costs nothing as long as nobody has let go of a plain future that is still incomplete.
 *
 * <p>Futures are known here by identity and weakly; a waiter on a shelf does not refer to its
 * future. Both leave when the future is complete or garbage.
 */
final class IdleWaiters {
  private static final ConcurrentMap<Object, Shelf> SHELVES = new ConcurrentHashMap<>();
  private static final ReferenceQueue<CompletableFuture<?>> GARBAGE = new ReferenceQueue<>();

  private IdleWaiters() {}

  /** The key of a shelf: equal to itself and to a {@link Probe} for the same future. */
  private static final class Key extends WeakReference<CompletableFuture<?>> {
    private final int hash;

    Key(CompletableFuture<?> future) {
      super(future, GARBAGE);
      hash = System.identityHashCode(future);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this
          || (other instanceof Key key && get() != null && key.get() == get())
          || (other instanceof Probe probe && refersTo(probe.future));
    }
  }

  /** What a shelf is looked for with. */
  private record Probe(CompletableFuture<?> future) {
    @Override
    public int hashCode() {
      return System.identityHashCode(future);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key ? key.refersTo(future) : other == this;
    }
  }

  /** The idle waiters of one future. */
  static final class Shelf {
    private final Key key;
    private @Nullable Queue<Waiter> waiters = new ArrayDeque<>();

    private Shelf(Key key) {
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
    expunge();
    Shelf shelf = SHELVES.get(new Probe(future));
    if (shelf == null) {
      shelf = SHELVES.computeIfAbsent(new Key(future), key -> new Shelf((Key) key));
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
    Shelf shelf = SHELVES.get(new Probe(future));
    return shelf == null ? null : shelf.poll();
  }

  private static void expunge() {
    for (Reference<?> gone; (gone = GARBAGE.poll()) != null; ) {
      SHELVES.remove(gone);
    }
  }
}
