package dev.weft.stream;

import dev.weft.Async;
import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * The end of something that is being closed. Who awaits it and is cancelled waits on: it is to go
 * on after the clean-up, and never beside it.
 */
final class Closing extends Task<@Nullable Void> {
  /** A view of a task: whatever is done to the view, the task knows nothing of it. */
  static Task<@Nullable Void> of(Task<@Nullable Void> closing) {
    if (closing.isFinished() && !closing.isCompletedExceptionally()) {
      return Async.done();
    }
    Closing view = new Closing();
    closing.whenComplete((nothing, error) -> view.end(error));
    return view;
  }

  void end(@Nullable Throwable error) {
    if (error == null) {
      complete(null);
    } else {
      completeExceptionally(error);
    }
  }

  /** {@inheritDoc} It ends by itself, and in its own time. */
  @Override
  protected boolean stop() {
    return true;
  }
}
