package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a stream that is not one of these chains: a generator, one of a program's own.
 */
final class StreamIntake extends Intake {
  private final AsyncStream<?> stream;

  /** What was asked for and was not taken. */
  private @Nullable Task<?> pending;

  StreamIntake(AsyncStream<?> stream) {
    this.stream = stream;
  }

  @Override
  @Nullable Object poll() {
    Task<?> element = pending;
    if (element == null) {
      element = stream.next();
    }
    if (!element.isFinished()) {
      pending = element;
      return WAIT;
    }
    pending = null;
    return Await.<@Nullable Object>take(erased(element));
  }

  @SuppressWarnings("unchecked")
  private static Task<@Nullable Object> erased(Task<?> task) {
    return (Task<@Nullable Object>) task;
  }

  @Override
  Task<?> awaited() {
    return Objects.requireNonNull(pending);
  }

  @Override
  void letGo(Throwable told) {
    if (pending != null && isOver(pending, told)) {
      pending = null;
    }
  }

  @Override
  Task<@Nullable Void> close() {
    Task<?> unfinished = pending;
    pending = null;
    return Shutdown.of(unfinished, stream);
  }
}
