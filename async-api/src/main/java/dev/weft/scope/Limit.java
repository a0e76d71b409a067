package dev.weft.scope;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The time that a scope's tasks have, by their executor's clock. */
final class Limit {
  final Duration time;

  /** Ends when it is over. */
  final Task<@Nullable Void> timer;

  private final AsyncExecutor executor;
  private final long at;

  /** One that starts to run. */
  Limit(AsyncExecutor executor, Duration time) {
    this.executor = executor;
    this.time = time;
    this.timer = executor.sleep(time);
    this.at = executor.nanoTime() + Nanos.of(time);
  }

  Duration left() {
    return Duration.ofNanos(at - executor.nanoTime());
  }

  /** Nobody needs it any more, if there is one. */
  static void drop(@Nullable Limit limit) {
    if (limit != null) {
      limit.timer.cancel(false);
    }
  }

  boolean isDropped() {
    return timer.isCompletedExceptionally();
  }

  /** What the scope fails with when it is over; what has failed before is suppressed in that. */
  TimeoutException missedBy(int tasks, @Nullable Throwable before) {
    TimeoutException late =
        new TimeoutException(
            "after " + time + " " + tasks + " of the scope's tasks have not ended");
    if (before != null) {
      late.addSuppressed(before);
    }
    return late;
  }
}
