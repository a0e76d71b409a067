package dev.weft.stream;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Elements each of which is asked for by a call that returns a stage. */
final class AskingIntake extends Intake {
  private final Callable<? extends @Nullable CompletionStage<?>> question;
  private final ThrowingFunction<Object, Object> answer;

  /** The stage, as whoever closes this is to cancel it; and as it is awaited. */
  private @Nullable CompletionStage<?> stage;

  private @Nullable CompletableFuture<?> pending;

  /**
   * Asks for each element.
   *
   * @param question what to await for an element; one that brings null, for the end
   * @param answer makes the element of what came
   */
  AskingIntake(
      Callable<? extends @Nullable CompletionStage<?>> question,
      ThrowingFunction<Object, Object> answer) {
    this.question = question;
    this.answer = answer;
  }

  @Override
  @Nullable Object poll() throws Exception {
    CompletableFuture<?> asked = pending;
    if (asked == null) {
      stage = question.call();
      asked = Await.future(Objects.requireNonNull(stage, "the function returned no stage"));
      if (asked == Await.YIELD) {
        asked = Async.done();
      }
    }
    if (!(asked instanceof Task<?> task ? task.isFinished() : asked.isDone())) {
      pending = asked;
      return WAIT;
    }
    pending = null;
    stage = null;
    Object came = Await.<@Nullable Object>take(erased(asked));
    return came == null ? null : Objects.requireNonNull(answer.apply(came));
  }

  @SuppressWarnings("unchecked")
  private static CompletableFuture<@Nullable Object> erased(CompletableFuture<?> future) {
    return (CompletableFuture<@Nullable Object>) future;
  }

  @Override
  CompletableFuture<?> awaited() {
    return Objects.requireNonNull(pending);
  }

  @Override
  void letGo(Throwable told) {
    CompletableFuture<?> asked = pending;
    if (asked != null && isOver(asked, told)) {
      pending = null;
      stage = null;
    }
  }

  @Override
  Task<@Nullable Void> close() {
    CompletionStage<?> unfinished = pending == null ? null : stage;
    pending = null;
    stage = null;
    return Shutdown.of(Shutdown.ending(unfinished), List.of());
  }
}
