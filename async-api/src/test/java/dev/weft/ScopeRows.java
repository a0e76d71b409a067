package dev.weft;

import dev.weft.resilience.RateLimiter;
import dev.weft.resilience.Retry;
import dev.weft.scope.TaskScope;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Deadlines, limits of scopes, pauses between attempts, rates; on a virtual clock. */
final class ScopeRows extends TimeRows {
  /** A hundred years. */
  private static final String CENTURY = "3153600000000 ms";

  ScopeRows() {
    row(
        "Async.withDeadline(Duration,Callable)",
        time -> elapsed(() -> late(Async.withDeadline(time.duration(), () -> new Task<>()))),
        "0 ms",
        "0 ms",
        "0 ms",
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    row(
        "TaskScope.within(Duration)",
        time ->
            elapsed(
                () -> {
                  var scope = TaskScope.failFast().within(time.duration());
                  scope.fork(() -> new Task<Object>());
                  return late(scope.join());
                }),
        "0 ms",
        "0 ms",
        "0 ms",
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    row(
        "Retry.backOff(Duration,Duration)",
        time ->
            elapsed(
                () ->
                    Retry.attempts(2)
                        .backOff(time.duration(), time.duration())
                        .call(() -> CompletableFuture.failedFuture(new IOException("again")))
                        .handle((value, error) -> 0)),
        "0 ms",
        "0 ms",
        "0 ms",
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    for (String parameters : new String[] {"", ",AsyncExecutor"}) {
      row(
          "RateLimiter.of(long,Duration" + parameters + ")",
          time ->
              elapsed(
                  () -> {
                    RateLimiter limiter =
                        parameters.isEmpty()
                            ? RateLimiter.of(1, time.duration())
                            : RateLimiter.of(1, time.duration(), AsyncExecutor.currentOrShared());
                    return limiter.acquire().thenCompose(first -> limiter.acquire());
                  }),
          REFUSED,
          REFUSED,
          REFUSED,
          "1 ms",
          CENTURY,
          CENTURY);
    }
  }

  private static CompletionStage<?> late(Task<?> task) {
    return task.handle(
        (value, late) -> {
          if (!(late instanceof TimeoutException)) {
            throw new AssertionError("not in time", late);
          }
          return 0;
        });
  }

  private interface Body {
    CompletionStage<?> start();
  }

  /** How long a body takes. */
  private static String elapsed(Body body) throws Exception {
    VirtualClock clock = new VirtualClock();
    try (WorkStealingExecutor executor = TimerRows.virtual(clock)) {
      executor.blockOn(() -> body.start().thenApply(value -> 0));
    }
    return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime()) + " ms";
  }
}
