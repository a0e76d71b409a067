package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The elements of one stream after the other, each of which is closed before the next is asked. */
class FlatMapIntake extends Intake {
  private final AsyncStream<?> outer;
  private final Intake streams;
  private final ThrowingFunction<Object, ? extends AsyncStream<?>> function;

  private @Nullable AsyncStream<?> inner;
  private @Nullable Intake elements;

  /** Of the inner stream that has come to its end. */
  private @Nullable Task<@Nullable Void> closing;

  private CompletableFuture<?> awaited = READY;

  FlatMapIntake(AsyncStream<?> outer, ThrowingFunction<Object, ? extends AsyncStream<?>> function) {
    this.outer = Pipeline.own(outer);
    this.streams = new StreamIntake(this.outer);
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
  void letGo() {
    (elements == null ? streams : elements).letGo();
  }

  @Override
  Task<@Nullable Void> close() {
    List<AsyncStream<?>> open = new ArrayList<>();
    List<Task<?>> ending = new ArrayList<>();
    AsyncStream<?> last = inner;
    if (last != null) {
      open.add(last);
    }
    open.add(outer);
    open.addAll(others());
    if (closing != null) {
      ending.add(closing.finished());
    }
    return Shutdown.of(ending, open);
  }

  /** Streams that are to be closed as well, though nobody may have come to them. */
  List<AsyncStream<?>> others() {
    return List.of();
  }
}
