package dev.weft.perf.awaitcost;

import static com.ea.async.Async.await;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;

/**
 * The async methods of {@code WeftAwaits}, for stock EA Async: compiled for Java 8, transformed by
 * EA Async itself, in a class loader of its own. Hence it is known elsewhere by types of the JDK
 * only.
 */
public final class EaAwaits {
  private EaAwaits() {}

  /** {@link #once}, to be called from outside the class loader. */
  public static BinaryOperator<CompletableFuture<Integer>> onceCaller() {
    return EaAwaits::once;
  }

  /** {@link #loop}, to be called from outside the class loader. */
  public static BiFunction<Supplier<CompletableFuture<?>>, Integer, CompletableFuture<Integer>>
      loopCaller() {
    return EaAwaits::loop;
  }

  /** Awaits one future and returns the other. */
  static CompletableFuture<Integer> once(
      CompletableFuture<Integer> awaited, CompletableFuture<Integer> result) {
    return await(awaited) == 1 ? result : awaited;
  }

  /** Awaits a number of futures, one after the other. */
  static CompletableFuture<Integer> loop(Supplier<CompletableFuture<?>> sources, int awaits) {
    for (int i = 0; i < awaits; i++) {
      await(sources.get());
    }
    return CompletableFuture.completedFuture(awaits);
  }

  /** {@link #chain}, to be called from outside the class loader. */
  public static BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>>
      chainCaller() {
    return EaAwaits::chain;
  }

  /** {@link #caught}, to be called from outside the class loader. */
  public static BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>>
      caughtCaller() {
    return EaAwaits::caught;
  }

  /** Calls itself until so many calls await each other, and the last of them awaits the future. */
  static CompletableFuture<Integer> chain(CompletableFuture<Integer> awaited, int calls) {
    int below = await(calls == 1 ? awaited : chain(awaited, calls - 1));
    return CompletableFuture.completedFuture(below + 1);
  }

  /** Awaits such a chain, and returns 0 if it fails. */
  static CompletableFuture<Integer> caught(CompletableFuture<Integer> awaited, int calls) {
    try {
      return CompletableFuture.completedFuture(await(chain(awaited, calls)));
    } catch (RuntimeException e) {
      return CompletableFuture.completedFuture(0);
    }
  }
}
