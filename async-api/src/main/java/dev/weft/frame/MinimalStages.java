package dev.weft.frame;

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

  private static final WeakIdentityMap<CompletionStage<?>, CompletableFuture<?>> FUTURES =
      new WeakIdentityMap<>();

  private MinimalStages() {}

  /** True if a stage is such a view. */
  static boolean isOne(CompletionStage<?> stage) {
    return stage.getClass() == MINIMAL;
  }

  /** The future to be awaited in place of a view. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> CompletableFuture<T> futureOf(CompletionStage<T> view) {
    FUTURES.expunge();
    CompletableFuture<?> shared = FUTURES.get(view);
    if (shared != null) {
      return (CompletableFuture<T>) shared;
    }
    CompletableFuture<T> made = view.toCompletableFuture();
    if (made.isDone()) {
      return made;
    }
    Object key = FUTURES.handle(view);
    CompletableFuture<?> stored = FUTURES.putIfAbsent(key, made);
    if (stored == made) {
      made.whenComplete(
          (value, error) -> FUTURES.remove(key, made)); // the view is complete as well
    } // else one too many, once: another thread has made one just now
    return (CompletableFuture<T>) stored;
  }
}
