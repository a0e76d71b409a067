package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Suspends a loop as often as it is told, each time for certain: what it awaits is completed only
 * after it has begun to wait.
 *
 * <p>Arguments: {@code task} or {@code plain}, the number of suspensions.
 */
final class SuspendingLoop {
  private SuspendingLoop() {}

  public static void main(String[] arguments) throws Exception {
    long count = Long.parseLong(arguments[1]);
    long start = System.nanoTime();
    long sum = arguments[0].equals("task") ? overTasks(count) : overPlainFutures(count);
    long expected = count * (count - 1) / 2;
    if (sum != expected) {
      throw new AssertionError("the sum is " + sum + ", not " + expected);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.err.println(millis + " ms");
    System.out.println("suspended " + count + " times");
  }

  // ---- over tasks: one worker, which completes the task after the loop has let go of it

  private static long overTasks(long count) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      return executor.blockOn(() -> loop(executor, count));
    }
  }

  private static CompletableFuture<Long> loop(WorkStealingExecutor executor, long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      Task<Long> next = new Task<>();
      long value = i;
      executor.execute(() -> next.complete(value));
      sum += await(next);
    }
    return CompletableFuture.completedFuture(sum);
  }

  // ---- over plain futures: another thread, which waits until it sees the loop wait

  private static long overPlainFutures(long count) throws Exception {
    Completer completer = new Completer();
    Thread thread = new Thread(completer, "completer");
    thread.setDaemon(true);
    thread.start();
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      return executor.blockOn(() -> loop(completer, count));
    }
  }

  private static CompletableFuture<Long> loop(Completer completer, long count) {
    long sum = 0;
    for (long i = 0; i < count; i++) {
      CompletableFuture<Long> next = new CompletableFuture<>();
      completer.offer(next);
      sum += await(next);
    }
    return CompletableFuture.completedFuture(sum);
  }

  private static final class Completer implements Runnable {
    private volatile @Nullable CompletableFuture<Long> offered;
    private long completed;

    void offer(CompletableFuture<Long> future) {
      offered = future;
    }

    @Override
    public void run() {
      while (true) {
        CompletableFuture<Long> future = offered;
        if (future != null && future.getNumberOfDependents() > 0) {
          offered = null;
          future.complete(completed++);
        } else {
          Thread.onSpinWait();
        }
      }
    }
  }
}
