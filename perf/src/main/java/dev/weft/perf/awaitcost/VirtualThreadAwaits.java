package dev.weft.perf.awaitcost;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The async methods of {@link WeftAwaits}, for a virtual thread, whose await is {@code join}. By
 * method handle, as this is compiled for Java 17.
 */
final class VirtualThreadAwaits {
  private VirtualThreadAwaits() {}

  /** Awaits one future and returns the other. */
  static CompletableFuture<Integer> once(
      CompletableFuture<Integer> awaited, CompletableFuture<Integer> result) {
    return awaited.join() == 1 ? result : awaited;
  }

  /** Awaits a number of futures, one after the other. */
  static void loop(Supplier<CompletableFuture<?>> sources, int awaits) {
    for (int i = 0; i < awaits; i++) {
      sources.get().join();
    }
  }

  /** Calls itself until so many calls wait for each other, and the last of them for the future. */
  static int chain(CompletableFuture<Integer> awaited, int calls) {
    return (calls == 1 ? awaited.join() : chain(awaited, calls - 1)) + 1;
  }

  /** Calls such a chain, and returns 0 if it fails. */
  static int caught(CompletableFuture<Integer> awaited, int calls) {
    try {
      return chain(awaited, calls);
    } catch (RuntimeException e) {
      return 0;
    }
  }

  /**
   * Starts a virtual thread.
   *
   * @throws IllegalStateException if this JVM has none
   */
  static Thread start(Runnable body) {
    try {
      MethodHandle start =
          MethodHandles.publicLookup()
              .findStatic(
                  Thread.class,
                  "startVirtualThread",
                  MethodType.methodType(Thread.class, Runnable.class));
      return (Thread) start.invokeExact(body);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "Virtual threads need JDK 21 or later, and this is JDK "
              + Runtime.version().feature()
              + ". Leave these benchmarks out with -e virtualThread",
          e);
    } catch (Throwable e) {
      throw new IllegalStateException("A virtual thread could not be started", e);
    }
  }

  /** Waits for a virtual thread to end. */
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted by JMH: the benchmark took too long", e);
    }
  }
}
