package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * On the one worker that there is, a task awaits futures that are always ready, until another task
 * tells it to stop.
 *
 * <p>Argument: {@code task} or {@code plain}, the kind of those futures.
 */
final class ReadyForever {
  private static final AtomicBoolean STOPPED = new AtomicBoolean();

  private ReadyForever() {}

  public static void main(String[] arguments) throws Exception {
    CompletableFuture<Integer> ready =
        arguments[0].equals("task") ? Async.done(1) : CompletableFuture.completedFuture(1);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Task<Long> greedy = executor.spawn(() -> spin(ready));
      Task<String> modest = executor.spawn(() -> stop());
      System.out.println(modest.get(240, TimeUnit.SECONDS));
      System.out.println(greedy.get(240, TimeUnit.SECONDS) > 0 ? "stopped" : "never ran");
    }
  }

  private static CompletableFuture<Long> spin(CompletableFuture<Integer> ready) {
    long turns = 0;
    while (!STOPPED.get()) {
      turns += await(ready);
    }
    return CompletableFuture.completedFuture(turns);
  }

  private static CompletableFuture<String> stop() {
    await(Async.yieldNow());
    STOPPED.set(true);
    return CompletableFuture.completedFuture("had its turn");
  }
}
