package dev.weft.scope;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bodies that take some time, and some more to clean up; and how many of them run. */
public final class Work {
  /** Those that have begun, and whose clean-up has not ended. */
  public final AtomicInteger running = new AtomicInteger();

  /** Those that have begun. */
  public final AtomicInteger begun = new AtomicInteger();

  /** A body that has a value after a time, and has cleaned up after another. */
  public Callable<CompletionStage<String>> ending(String value, long millis, long cleanUp) {
    return () -> call(value, null, millis, cleanUp);
  }

  /** As {@link #ending}, with an IOException. */
  public Callable<CompletionStage<String>> failing(String message, long millis, long cleanUp) {
    return () -> call(message, new IOException(message), millis, cleanUp);
  }

  /** A call of such a body, by itself. */
  public CompletionStage<String> call(
      String value, @Nullable Exception failure, long millis, long cleanUp) {
    begun.incrementAndGet();
    running.incrementAndGet();
    HandWritten<String> frame =
        new HandWritten<>(
            AsyncExecutor.currentOrShared(),
            new HandWritten.Body<>() {
              private @Nullable Throwable error = failure;

              @Override
              public Object resume(
                  HandWritten<String> self,
                  int state,
                  java.util.concurrent.@Nullable CompletableFuture<?> awaited)
                  throws Throwable {
                if (state == 0) {
                  return self.await(Async.sleep(Duration.ofMillis(millis)), 1);
                }
                try {
                  Await.take(awaited);
                } catch (Throwable cancelled) {
                  error = cancelled;
                }
                if (state == 1) {
                  return self.await(Async.sleep(Duration.ofMillis(cleanUp)), 2);
                }
                running.decrementAndGet();
                if (error != null) {
                  throw error;
                }
                return Async.done(value);
              }
            });
    frame.run();
    return frame;
  }

  /** Awaits one stage after the other, and ends with the value of the last. */
  @SafeVarargs
  public static <T> Task<T> inTurn(Callable<? extends CompletionStage<?>>... stages) {
    HandWritten<T> frame =
        new HandWritten<>(
            AsyncExecutor.currentOrShared(),
            (self, state, awaited) -> {
              Object value = state == 0 ? null : Await.take(awaited);
              return state == stages.length
                  ? Async.done(value)
                  : self.await(Await.future(stages[state].call()), state + 1);
            });
    frame.run();
    return frame;
  }
}
