package dev.weft.frame;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The futures in whose place {@code minimalCompletionStage()} views are awaited. Such a view makes
 * another future at each {@code toCompletableFuture()}, and hangs it on itself for good: a view of
 * a shutdown signal would grow with each await that is cancelled. So all awaits of one view share
 * one future, for as long as that is incomplete; what they hang on it, they take back ({@link
 * IdleWaiters}). It is handed to nobody who might complete it.
 *
 * <p>Views are known by identity and weakly.
 */
final class MinimalStages {
  private static final Class<?> MINIMAL =
      new CompletableFuture<>().minimalCompletionStage().getClass();

  private static final ConcurrentMap<Object, CompletableFuture<?>> FUTURES =
      new ConcurrentHashMap<>();
  private static final ReferenceQueue<CompletionStage<?>> GARBAGE = new ReferenceQueue<>();

  private MinimalStages() {}

  /** Equal to itself and to a {@link Probe} for the same view. */
  private static final class Key extends WeakReference<CompletionStage<?>> {
    private final int hash;

    Key(CompletionStage<?> view) {
      super(view, GARBAGE);
      hash = System.identityHashCode(view);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this
          || (other instanceof Key key && get() != null && key.get() == get())
          || (other instanceof Probe probe && refersTo(probe.view));
    }
  }

  /** What a future is looked for with. */
  private record Probe(CompletionStage<?> view) {
    @Override
    public int hashCode() {
      return System.identityHashCode(view);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key ? key.refersTo(view) : other == this;
    }
  }

  /** True if a stage is such a view. */
  static boolean isOne(CompletionStage<?> stage) {
    return stage.getClass() == MINIMAL;
  }

  /** The future to be awaited in place of a view. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> CompletableFuture<T> futureOf(CompletionStage<T> view) {
    for (Reference<?> gone; (gone = GARBAGE.poll()) != null; ) {
      FUTURES.remove(gone);
    }
    CompletableFuture<?> shared = FUTURES.get(new Probe(view));
    if (shared != null) {
      return (CompletableFuture<T>) shared;
    }
    CompletableFuture<T> made = view.toCompletableFuture();
    if (made.isDone()) {
      return made;
    }
    Key key = new Key(view);
    CompletableFuture<?> other = FUTURES.putIfAbsent(key, made);
    if (other != null) { // on another thread, just now: one too many, once
      return (CompletableFuture<T>) other;
    }
    made.whenComplete((value, error) -> FUTURES.remove(key)); // the view is complete as well
    return made;
  }
}
