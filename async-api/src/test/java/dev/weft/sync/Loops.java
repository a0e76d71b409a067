package dev.weft.sync;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Async methods that await one thing after the other, as the weaver would make them. */
public final class Loops {
  private Loops() {}

  /**
   * A call that awaits what it gets, and hands over what comes of it, until it gets null.
   *
   * @param next what is to be awaited
   * @param got what is done with what it has brought
   */
  @SuppressWarnings("unchecked")
  public static <T> HandWritten<Void> call(
      AsyncExecutor executor, Supplier<? extends CompletableFuture<T>> next, Consumer<T> got) {
    HandWritten<Void> call =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                got.accept((T) Await.take(awaited));
              }
              for (CompletableFuture<T> task; (task = next.get()) != null; ) {
                if (!Await.isReady(task)) {
                  return self.await(task, 1);
                }
                got.accept(Await.take(task));
              }
              return Async.done();
            });
    call.run();
    return call;
  }

  /** The same as a task of its own. */
  public static <T> Task<Void> spawn(
      AsyncExecutor executor, Supplier<? extends CompletableFuture<T>> next, Consumer<T> got) {
    return executor.spawn(() -> call(executor, next, got));
  }
}
