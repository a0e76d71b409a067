package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a piece of work has to be done, as {@link dev.weft.Async#withDeadline} sets it:
 * a value of the {@link LocalContext}, and so inherited by all that is called, spawned or forked
 * there. Go's {@code context.WithDeadline}.
 *
 * @param executor by whose clock it goes
 * @param at in the nanoseconds of that clock
 */
record Deadline(AsyncExecutor executor, long at) {
  private static final Object KEY = new Object();

  static @Nullable Deadline current() {
    return (Deadline) LocalContext.find(LocalContext.current(), KEY);
  }

  /** What is left of it; zero or less when it is over. */
  Duration left() {
    return Duration.ofNanos(at - executor.nanoTime());
  }

  /** The earlier one of that which is in force here and of one that is so far away. */
  private static Deadline within(Duration limit) {
    AsyncExecutor executor = AsyncExecutor.currentOrShared();
    Deadline outer = current();
    if (outer != null && outer.left().compareTo(limit) <= 0) {
      return outer;
    }
    return new Deadline(executor, executor.nanoTime() + Nanos.of(limit));
  }

  /** Makes a call under the earlier one of two deadlines, and leaves it to that to mind it. */
  static <R extends @Nullable Object> R call(Duration limit, Callable<R> body) throws Exception {
    return within(limit).call(body);
  }

  private <R extends @Nullable Object> R call(Callable<R> body) throws Exception {
    LocalContext.use();
    LocalContext before = LocalContext.current();
    LocalContext.set(LocalContext.with(before, KEY, this));
    try {
      return body.call();
    } finally {
      LocalContext.set(before);
    }
  }

  static <T extends @Nullable Object> Task<T> run(
      Duration limit, Callable<? extends CompletionStage<T>> body) {
    Objects.requireNonNull(body, "body");
    Deadline deadline = within(limit);
    Duration left = deadline.left();
    if (left.isNegative() || left.isZero()) {
      return Settled.failure(new TimeoutException("not begun: its deadline was over before"));
    }
    try {
      CompletionStage<T> stage = deadline.call(body);
      return TimeLimit.start(AsyncExecutor.currentOrShared(), left, stage);
    } catch (Exception error) {
      return Settled.failure(error);
    }
  }
}
