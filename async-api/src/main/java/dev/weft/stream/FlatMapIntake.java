package dev.weft.stream;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The elements of one stream after the other, each of which is closed before the next is asked. */
class FlatMapIntake extends Intake {
  private final Intake streams;
  private final ThrowingFunction<Object, ? extends AsyncStream<?>> function;

  private @Nullable AsyncStream<?> inner;
  private @Nullable Intake elements;

  /** Of the inner stream that has come to its end. */
  private @Nullable Task<@Nullable Void> closing;

  private CompletableFuture<?> awaited = READY;

  FlatMapIntake(AsyncStream<?> outer, ThrowingFunction<Object, ? extends AsyncStream<?>> function) {
    this.streams = new StreamIntake(Pipeline.own(outer));
    this.function = function;
  }

  @Override
  @Nullable Object poll() throws Exception {
    while (true) {
      if (closing != null) {
        if (!closing.isFinished()) {
          awaited = closing;
          return WAIT;
        }
        Task<@Nullable Void> closed = closing;
        closing = null;
        Await.take(closed);
      }
      Intake from = elements == null ? streams : elements;
      Object came = from.poll();
      if (came == WAIT) {
        awaited = from.awaited();
        return WAIT;
      }
      if (elements == null) {
        if (came == null) {
          return null;
        }
        inner = Objects.requireNonNull(function.apply(came), "flatMap: the function returned null");
        elements = new StreamIntake(inner);
      } else if (came != null) {
        return came;
      } else {
        closing = Objects.requireNonNull(inner).closeAsync();
        inner = null;
        elements = null;
      }
      if (!Await.isReady(READY)) { // there may be many without an element
        awaited = Await.YIELD;
        return WAIT;
      }
    }
  }

  @Override
  CompletableFuture<?> awaited() {
    return awaited;
  }

  @Override
  void letGo(Throwable told) {
    (elements == null ? streams : elements).letGo(told);
  }

  @Override
  Task<@Nullable Void> close() {
    List<AsyncCloseable> open = new ArrayList<>();
    Intake last = elements;
    if (last != null) {
      open.add(last::close);
    }
    open.add(streams::close);
    open.addAll(others());
    Task<@Nullable Void> under = closing;
    if (under != null) {
      open.add(() -> under);
    }
    return Shutdown.of(List.of(), open);
  }

  /** Streams that are to be closed as well, though nobody may have come to them. */
  List<AsyncStream<?>> others() {
    return List.of();
  }
}
