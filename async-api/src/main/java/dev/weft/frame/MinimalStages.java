package dev.weft.frame;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The futures in whose place {@code minimalCompletionStage()} views are awaited. Such a view makes
 * another future at each {@code toCompletableFuture()}, and hangs it on itself for good: a view of
 * a shutdown signal would grow with each await that is cancelled. So all awaits of one view share
 * one future, for as long as that is incomplete; what they hang on it, they take back ({@link
 * IdleWaiters}). It is handed to nobody who might complete it.
 */
final class MinimalStages {
  private static final Class<?> MINIMAL =
      new CompletableFuture<>().minimalCompletionStage().getClass();

  /**
   * Weakly, because what hangs on a future may refer to its view; which keeps the future, for as
   * long as it is incomplete.
   */
  private static final WeakIdentityMap<CompletionStage<?>, Reference<CompletableFuture<?>>>
      FUTURES = new WeakIdentityMap<>();

  private MinimalStages() {}

  /** True if a stage is such a view. */
  static boolean isOne(CompletionStage<?> stage) {
    return stage.getClass() == MINIMAL;
  }

  /** The future to be awaited in place of a view. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> CompletableFuture<T> futureOf(CompletionStage<T> view) {
    FUTURES.expunge();
    Reference<CompletableFuture<?>> known = FUTURES.get(view);
    CompletableFuture<?> shared = known == null ? null : known.get();
    if (shared != null) {
      return (CompletableFuture<T>) shared;
    }
    CompletableFuture<T> made = view.toCompletableFuture();
    if (made.isDone()) {
      return made;
    }
    Object key = FUTURES.handle(view);
    Reference<CompletableFuture<?>> mine = new WeakReference<>(made);
    CompletableFuture<?> stored = FUTURES.putIfAbsent(key, mine).get();
    if (stored == made) {
      made.whenComplete(
          (value, error) -> FUTURES.remove(key, mine)); // the view is complete as well
    } // else one too many, once: another thread has made one just now
    return stored == null ? made : (CompletableFuture<T>) stored;
  }
}
