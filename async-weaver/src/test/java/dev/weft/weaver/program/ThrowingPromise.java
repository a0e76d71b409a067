package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Woven and run by {@link ThrowingPromiseTest}. */
final class ThrowingPromise {
  private static final AtomicInteger BODIES = new AtomicInteger();
  private static final AtomicInteger HANDLERS = new AtomicInteger();

  private ThrowingPromise() {}

  /** What an async method is declared to return, and cannot be made while it suspends. */
  static final class Promise extends CompletableFuture<String> {
    Promise() {
      if (HANDLERS.get() == 0) {
        throw new IllegalStateException("cannot be made");
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Task<String> source = new Task<>();
    Promise promise = body(source);
    source.complete("value");
    System.out.println(
        promise.get() + "; bodies: " + BODIES.get() + ", handlers: " + HANDLERS.get());
  }

  private static Promise body(CompletableFuture<String> source) {
    String result;
    try {
      result = await(source);
    } catch (IllegalStateException e) {
      HANDLERS.incrementAndGet();
      result = e.getMessage();
    }
    BODIES.incrementAndGet();
    Promise promise = new Promise();
    promise.complete(result);
    return promise;
  }
}
