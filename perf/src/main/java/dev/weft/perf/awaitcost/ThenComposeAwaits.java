package dev.weft.perf.awaitcost;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The async methods of {@link WeftAwaits}, as one writes them without await. */
final class ThenComposeAwaits {
  private ThenComposeAwaits() {}

  /** Awaits one future and returns the other. */
  static CompletableFuture<Integer> once(
      CompletableFuture<Integer> awaited, CompletableFuture<Integer> result) {
    return awaited.thenCompose(value -> value == 1 ? result : awaited);
  }

  /** Awaits a number of futures, one after the other: a loop is a recursion here. */
  static CompletableFuture<Integer> loop(Supplier<CompletableFuture<?>> sources, int awaits) {
    return awaits == 0
        ? CompletableFuture.completedFuture(0)
        : sources.get().thenCompose(value -> loop(sources, awaits - 1));
  }

  /** The same, going on as a task of an executor after each await. */
  static CompletableFuture<Integer> loop(
      Supplier<CompletableFuture<?>> sources, int awaits, Executor executor) {
    return awaits == 0
        ? CompletableFuture.completedFuture(0)
        : sources.get().thenComposeAsync(value -> loop(sources, awaits - 1, executor), executor);
  }

  /** Calls itself until so many calls await each other, and the last of them awaits the future. */
  static CompletableFuture<Integer> chain(CompletableFuture<Integer> awaited, int calls) {
    return (calls == 1 ? awaited : chain(awaited, calls - 1)).thenApply(below -> below + 1);
  }

  /** Awaits such a chain, and returns 0 if it fails. */
  static CompletableFuture<Integer> caught(CompletableFuture<Integer> awaited, int calls) {
    return chain(awaited, calls).exceptionally(error -> 0);
  }
}
