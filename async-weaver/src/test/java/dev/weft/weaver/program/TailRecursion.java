package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Async methods that end by calling themselves or each other, suspending each time.
 *
 * <p>Arguments: how they are called and end, see {@link #main}; the number of calls.
 */
final class TailRecursion {
  private static final CountDownLatch PARKED = new CountDownLatch(1);
  private static final Task<Long> NEVER = new Task<>();

  private static final ExecutorService ASIDE =
      Executors.newSingleThreadExecutor(
          run -> {
            Thread thread = new Thread(run);
            thread.setDaemon(true);
            return thread;
          });

  private TailRecursion() {}

  public static void main(String[] arguments) throws Exception {
    long calls = Long.parseLong(arguments[1]);
    long start = System.nanoTime();
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      System.out.println(run(executor, arguments[0], calls));
    }
    System.err.println((System.nanoTime() - start) / 1_000_000 + " ms");
  }

  private static String run(WorkStealingExecutor executor, String way, long calls)
      throws Exception {
    return switch (way) {
      case "task" -> "counted to " + executor.blockOn(() -> count(calls, 0));
      case "future" -> "counted to " + executor.blockOn(() -> countFuture(calls, 0));
      case "deferred" -> "counted to " + executor.blockOn(() -> countDeferred(executor, calls, 0));
      case "aside-task" -> "counted to " + executor.blockOn(() -> countAside(Task::new, calls, 0));
      case "aside-future" ->
          "counted to " + executor.blockOn(() -> countAside(CompletableFuture::new, calls, 0));
      case "mutual" -> "counted to " + executor.blockOn(() -> even(calls, 0));
      case "virtual" -> "counted to " + executor.blockOn(() -> new Counter().count(calls, 0));
      case "awaited" -> "counted to " + executor.blockOn(() -> awaiting(calls));
      case "plain-thread" -> "counted to " + count(calls, 0).join();
      case "observed" -> observed(executor, calls);
      case "fail" -> "failed with " + failure(executor.spawn(() -> fail(calls)));
      case "cancel" -> {
        Task<Long> task = executor.spawn(() -> park(calls));
        PARKED.await();
        task.cancel(true);
        yield "failed with " + failure(task) + ", the last await with " + failure(NEVER);
      }
      default -> throw new IllegalArgumentException(way);
    };
  }

  private static Task<Long> count(long n, long sum) {
    await(Async.yieldNow());
    return n == 0 ? Async.done(sum) : count(n - 1, sum + 1);
  }

  private static CompletableFuture<Long> countFuture(long n, long sum) {
    await(Async.yieldNow());
    if (n == 0) {
      return CompletableFuture.completedFuture(sum);
    }
    return countFuture(n - 1, sum + 1);
  }

  /** Awaits a task that another one completes later. */
  private static Task<Long> countDeferred(WorkStealingExecutor executor, long n, long sum) {
    if (n == 0) {
      return Async.done(sum);
    }
    Task<Long> one = new Task<>();
    executor.execute(() -> one.complete(1L));
    long next = sum + await(one);
    return countDeferred(executor, n - 1, next);
  }

  /** Awaits what a thread of its own completes, often before the caller has come to park. */
  private static CompletableFuture<Long> countAside(
      Supplier<CompletableFuture<Long>> pending, long n, long sum) {
    if (n == 0) {
      return CompletableFuture.completedFuture(sum);
    }
    CompletableFuture<Long> one = pending.get();
    ASIDE.execute(() -> one.complete(1L));
    long next = sum + await(one);
    return countAside(pending, n - 1, next);
  }

  private static Task<Long> even(long n, long sum) {
    await(Async.yieldNow());
    return n == 0 ? Async.done(sum) : odd(n - 1, sum + 1);
  }

  private static CompletableFuture<Long> oddFuture(long n, long sum) {
    await(Async.yieldNow());
    return n == 0 ? Async.done(sum) : even(n - 1, sum + 1);
  }

  private static Task<Long> odd(long n, long sum) {
    return (Task<Long>) oddFuture(n, sum);
  }

  private static class Counter {
    Task<Long> count(long n, long sum) {
      await(Async.yieldNow());
      return n == 0 ? Async.done(sum) : count(n - 1, sum + 1);
    }
  }

  private static Task<Long> awaiting(long calls) {
    Task<Long> outermost = count(calls, 0);
    Task<Long> other = Async.spawn(() -> outermost);
    long value = await(outermost);
    return Async.done(value == await(other) ? value : -1);
  }

  /** Every way to wait for the outermost future, at once. */
  private static String observed(WorkStealingExecutor executor, long calls) throws Exception {
    Task<Long> outermost = executor.blockOn(() -> Async.done(count(calls, 0)));
    List<CompletableFuture<Long>> results = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      results.add(executor.spawn(() -> outermost));
      results.add(outermost.thenApply(value -> value));
    }
    results.add(CompletableFuture.allOf(outermost).thenApply(nothing -> outermost.join()));
    for (CompletableFuture<Long> result : results) {
      if (!result.get().equals(calls)) {
        return "counted to " + result.get();
      }
    }
    return "counted to " + outermost.join();
  }

  private static Task<Long> fail(long n) {
    await(Async.yieldNow());
    return n == 0 ? Async.done(Long.parseLong("no number")) : fail(n - 1);
  }

  private static Task<Long> park(long n) {
    if (n > 0) {
      await(Async.yieldNow());
      return park(n - 1);
    }
    await(Async.sleep(Duration.ZERO));
    PARKED.countDown();
    return Async.done(await(Async.cancelling(NEVER)));
  }

  private static String failure(CompletableFuture<?> future) throws InterruptedException {
    try {
      return "nothing, but the result " + future.get();
    } catch (ExecutionException e) {
      return e.getCause().toString();
    } catch (CancellationException e) {
      return "a cancellation";
    }
  }
}
