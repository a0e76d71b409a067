package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Two calls await each other, one of them with a limit, which ends it. Prints why. */
final class TimedCircle {
  private TimedCircle() {}

  public static void main(String[] arguments) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      CompletableFuture<@Nullable Void> go = new CompletableFuture<>();
      @Nullable Task<?>[] calls = new Task<?>[2];
      Task<Task<?>> timed =
          executor.submit(
              () -> {
                calls[0] = waits(go, calls);
                calls[1] = timed(go, calls);
                go.complete(null);
                return calls[1];
              });
      try {
        timed.get().get();
      } catch (ExecutionException e) {
        System.out.println(e.getCause());
      }
    }
  }

  private static Task<@Nullable Void> waits(CompletableFuture<?> go, @Nullable Task<?>[] calls) {
    await(go);
    await(calls[1]);
    return Async.done();
  }

  private static Task<@Nullable Void> timed(CompletableFuture<?> go, @Nullable Task<?>[] calls) {
    await(go);
    await(Async.timeout(Duration.ofMillis(20), calls[0]));
    return Async.done();
  }
}
