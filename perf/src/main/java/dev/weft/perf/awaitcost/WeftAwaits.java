package dev.weft.perf.awaitcost;

import static dev.weft.Async.await;

import dev.weft.Async;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The async methods that are measured, for Weft. Woven by this module's build. */
final class WeftAwaits {
  private WeftAwaits() {}

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
    return Async.done(awaits);
  }

  /** Calls {@link #loop} a number of times, one after the other. */
  static CompletableFuture<Integer> loops(
      Supplier<CompletableFuture<?>> sources, int awaits, int calls) {
    for (int i = 0; i < calls; i++) {
      await(loop(sources, awaits));
    }
    return Async.done(calls);
  }

  /** Calls itself until so many calls await each other, and the last of them awaits the future. */
  static CompletableFuture<Integer> chain(CompletableFuture<Integer> awaited, int calls) {
    int below = await(calls == 1 ? awaited : chain(awaited, calls - 1));
    return Async.done(below + 1);
  }

  /** Awaits a number of such chains, one after the other. */
  static CompletableFuture<Integer> chains(
      CompletableFuture<Integer> awaited, int calls, int chains) {
    int sum = 0;
    for (int i = 0; i < chains; i++) {
      sum += await(chain(awaited, calls));
    }
    return Async.done(sum);
  }

  /** Awaits such a chain, and returns 0 if it fails. */
  static CompletableFuture<Integer> caught(CompletableFuture<Integer> awaited, int calls) {
    try {
      return Async.done(await(chain(awaited, calls)));
    } catch (RuntimeException e) {
      return Async.done(0);
    }
  }
}
