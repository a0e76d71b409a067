package dev.weft.stream;

import dev.weft.AsyncCloseable;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Settled;
import dev.weft.frame.SharedFailures;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Cancels tasks, waits until all of them have run to their end, and closes streams then: from the
 * inside out. Fails with the first failure of those.
 */
final class Shutdown implements Call.Body {
  private static final int CANCELLED = 1;
  private static final int CLOSED = 2;

  private final Queue<Task<?>> tasks;
  private final Queue<AsyncCloseable> streams;
  private @Nullable Throwable failure;

  private Shutdown(
      Collection<? extends Task<?>> tasks, Collection<? extends AsyncCloseable> streams) {
    this.tasks = new ArrayDeque<>(tasks);
    this.streams = new ArrayDeque<>(streams);
  }

  /** Begins at once. */
  @SuppressWarnings("unchecked") // without a value
  static Task<@Nullable Void> of(
      Collection<? extends Task<?>> tasks, Collection<? extends AsyncCloseable> streams) {
    for (Task<?> task : tasks) {
      task.cancel(true);
    }
    return (Task<@Nullable Void>) new Shutdown(tasks, streams).run(null);
  }

  /** One stage, which may be no task of Weft's, and one stream. */
  static Task<@Nullable Void> of(@Nullable CompletionStage<?> pending, AsyncCloseable stream) {
    return pending == null ? stream.closeAsync() : of(ending(pending), List.of(stream));
  }

  /** Cancels a stage. What is to be awaited then: a plain future has no end but its outcome. */
  static Collection<Task<?>> ending(@Nullable CompletionStage<?> pending) {
    if (pending instanceof Task<?> task) {
      return List.of(task);
    }
    if (pending instanceof CompletableFuture<?> future) {
      future.cancel(true);
    }
    return List.of();
  }

  private Task<?> run(@Nullable Call resumed) {
    for (Task<?> task; (task = tasks.poll()) != null; ) {
      if (!task.isFinished()) {
        return Call.suspend(Call.of(resumed, this), resumed != null, task.finished(), CANCELLED);
      }
    }
    for (AsyncCloseable stream; (stream = streams.poll()) != null; ) {
      try {
        Task<@Nullable Void> closing = stream.closeAsync();
        if (!closing.isFinished()) {
          return Call.suspend(Call.of(resumed, this), resumed != null, closing, CLOSED);
        }
        Await.take(closing);
      } catch (Throwable error) {
        failed(error);
      }
    }
    return failure == null ? Settled.value(null) : Settled.thrown(failure);
  }

  private void failed(Throwable error) {
    if (failure == null) {
      failure = error;
    } else if (failure != error) {
      SharedFailures.addSuppressed(failure, error);
    }
  }

  @Override
  public Task<?> resume(Call resumed, int state, CompletableFuture<?> outcome) {
    try {
      Await.take(outcome);
    } catch (HaltedError error) {
      return Settled.thrown(error);
    } catch (Throwable error) {
      failed(error);
    }
    return run(resumed);
  }
}
