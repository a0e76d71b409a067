package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Async calls nested as deep as it is told, each awaiting the next, ended from the bottom.
 *
 * <p>Arguments: the way it ends, {@code complete}, {@code fail}, {@code cancel} or {@code recurse};
 * the depth.
 */
final class DeepChain {
  private static final AtomicInteger FINISHED = new AtomicInteger();

  private DeepChain() {}

  public static void main(String[] arguments) throws Exception {
    int depth = Integer.parseInt(arguments[1]);
    Task<Integer> bottom = new Task<>();
    switch (arguments[0]) {
      case "complete" -> {
        CompletableFuture<Integer> top = chain(bottom, depth);
        bottom.complete(0);
        System.out.println("completed with " + top.get());
      }
      case "fail" -> {
        CompletableFuture<Integer> top = chain(bottom, depth);
        bottom.completeExceptionally(new IllegalStateException("at the bottom"));
        System.out.println("failed with " + failure(top));
      }
      case "cancel" -> {
        CompletableFuture<Integer> top = chain(Async.cancelling(bottom), depth);
        top.cancel(false);
        System.out.println("failed with " + failure(top) + ", the bottom with " + failure(bottom));
      }
      default ->
          System.out.println(
              "recursed to " + WorkStealingExecutor.shared().blockOn(() -> recurse(depth)));
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
    while (FINISHED.get() < depth && System.nanoTime() < deadline) {
      Thread.onSpinWait(); // a cancelled call completes at once; its finally runs later
    }
    System.out.println("finally ran " + FINISHED.get() + " times");
  }

  private static CompletableFuture<Integer> chain(CompletableFuture<Integer> bottom, int depth) {
    CompletableFuture<Integer> top = bottom;
    for (int i = 0; i < depth; i++) {
      top = level(top);
    }
    return top;
  }

  private static CompletableFuture<Integer> level(CompletableFuture<Integer> below) {
    try {
      return CompletableFuture.completedFuture(await(below) + 1);
    } finally {
      FINISHED.incrementAndGet();
    }
  }

  /** Suspends before it calls itself, so that the calls do not nest on the stack either. */
  private static CompletableFuture<Integer> recurse(int depth) {
    try {
      if (depth == 0) {
        return CompletableFuture.completedFuture(0);
      }
      await(Async.yieldNow());
      return CompletableFuture.completedFuture(await(recurse(depth - 1)) + 1);
    } finally {
      FINISHED.incrementAndGet();
    }
  }

  private static @Nullable Throwable failure(CompletableFuture<?> future)
      throws InterruptedException {
    try {
      future.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (CancellationException e) {
      return new CancellationException("cancelled");
    }
  }
}
