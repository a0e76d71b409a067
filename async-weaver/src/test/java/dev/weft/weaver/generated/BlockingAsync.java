package dev.weft.weaver.generated;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Settled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place, and the name, of {@code dev.weft.Async} where a program runs as it was compiled.
 * All futures are ready then, so it need not even block.
 */
public final class BlockingAsync {
  private BlockingAsync() {}

  /** The result of a stage that is complete. */
  public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    CompletableFuture<T> future = Await.future(stage);
    if (!future.isDone()) {
      throw new IllegalStateException("a future that is not ready in a blocking run");
    }
    return Await.take(future);
  }

  /** A complete task. */
  public static <T extends @Nullable Object> Task<T> done(@Nullable T value) {
    return Settled.value(value);
  }

  /** The same. */
  public static <T extends @Nullable Object, X extends Throwable> T await(
      CompletionStage<T> stage, Class<X> type) throws X {
    return await(stage);
  }
}
