package dev.weft.frame;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Async.all} returns where there is nothing to wait for and nothing to give back: the
 * values, without a {@link Combining}.
 */
final class AllThere {
  private AllThere() {}

  /** A task with the values, if all are there and nobody keeps account of one; else null. */
  static <T extends @Nullable Object> @Nullable Task<List<T>> of(CompletionStage<?>[] stages) {
    List<T> values = valuesOf(stages);
    if (values == null) {
      return null;
    }
    if (!Polling.takesTurns()) {
      return Settled.value(values);
    }
    Task<List<T>> promise =
        new Task<>(); // no value, to an executor that tells the one from another
    promise.complete(values);
    return promise;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // what getNow is given is not used
  private static <T extends @Nullable Object> @Nullable List<T> valuesOf(
      CompletionStage<?>[] stages) {
    List<T> values = new ArrayList<>(stages.length);
    for (CompletionStage<?> stage : stages) {
      if (!isThere(stage)) {
        return null;
      }
      CompletableFuture<T> future = (CompletableFuture<T>) stage;
      if (future.isCompletedExceptionally()) {
        return null;
      }
      values.add(future.getNow(null));
    }
    return Collections.unmodifiableList(values);
  }

  /** True for what has ended, and whose value, if it has one, is not to be given back. */
  private static boolean isThere(CompletionStage<?> stage) {
    if (stage instanceof Frame<?> call) {
      return call.isFinished() && Link.operationOf(call) == null;
    }
    return stage instanceof Settled<?>
        || (stage instanceof CompletableFuture<?> plain
            && plain.getClass() == CompletableFuture.class
            && plain.isDone());
  }
}
