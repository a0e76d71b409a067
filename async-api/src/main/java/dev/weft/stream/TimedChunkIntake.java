package dev.weft.stream;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code chunk} with a time limit: a task of its own asks for the elements, up to one chunk ahead
 * of the consumer, and a timer runs from the first of them.
 */
final class TimedChunkIntake extends Intake {
  private final Chain upstream;
  private final int size;
  private final Duration limit;
  private final Outlet<Object> outlet;
  private @Nullable Task<?> child;

  /** From the first element that is here; null if there is none. Guarded by this. */
  private @Nullable Task<@Nullable Void> timer;

  TimedChunkIntake(Chain upstream, int size, Duration limit) {
    this.upstream = upstream;
    this.size = size;
    this.limit = limit;
    this.outlet = new Outlet<>(size);
  }

  @Override
  @Nullable Object poll() throws Exception {
    if (child == null) {
      child = Children.drain("chunk", upstream, new Filling(), outlet);
    }
    return outlet.size() >= size || outlet.isEnded() || isDue() ? cut() : WAIT;
  }

  private synchronized boolean isDue() {
    return timer != null && timer.isDone();
  }

  private @Nullable Object cut() throws Exception {
    List<Object> chunk = new ArrayList<>();
    while (chunk.size() < size && outlet.peek() != null) {
      Object element = outlet.take();
      if (element != null) {
        chunk.add(element);
      }
    }
    stopTimer();
    startTimer();
    return chunk.isEmpty() ? outlet.take() : chunk;
  }

  private synchronized void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void startTimer() {
    Task<@Nullable Void> started;
    synchronized (this) {
      if (timer != null || outlet.size() == 0) {
        return;
      }
      started = AsyncExecutor.currentOrShared().sleep(limit);
      timer = started;
    }
    started.whenComplete((nothing, cancelled) -> outlet.nudge());
  }

  @Override
  CompletableFuture<?> awaited() {
    return outlet.change(size);
  }

  @Override
  Task<@Nullable Void> close() {
    stopTimer();
    Task<?> started = child;
    return Shutdown.of(started == null ? List.of() : List.of(started), List.of(upstream));
  }

  private final class Filling extends Sink {
    @Override
    @Nullable CompletionStage<?> accept(Object element) {
      Signal full = outlet.put(element);
      startTimer();
      return full;
    }

    @Override
    boolean closesStream() {
      return false;
    }
  }
}
