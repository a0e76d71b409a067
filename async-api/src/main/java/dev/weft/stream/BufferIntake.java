package dev.weft.stream;

import dev.weft.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code buffer}: a task of its own asks for the elements, ahead of the consumer. */
final class BufferIntake extends Intake {
  private final Chain upstream;
  private final Outlet<Object> outlet;
  private @Nullable Task<?> child;

  BufferIntake(Chain upstream, int size) {
    this.upstream = upstream;
    this.outlet = new Outlet<>(size);
  }

  @Override
  @Nullable Object poll() throws Exception {
    if (child == null) {
      child = Children.drain("buffer", upstream, new Filling(outlet), outlet);
    }
    return outlet.take();
  }

  @Override
  CompletableFuture<?> awaited() {
    return outlet.change(1);
  }

  @Override
  Task<@Nullable Void> close() {
    Task<?> started = child;
    return Shutdown.of(started == null ? List.of() : List.of(started), List.of(upstream));
  }

  private static final class Filling extends Sink {
    private final Outlet<Object> outlet;

    Filling(Outlet<Object> outlet) {
      this.outlet = outlet;
    }

    @Override
    @Nullable CompletionStage<?> accept(Object element) {
      return outlet.put(element);
    }

    @Override
    boolean closesStream() {
      return false;
    }
  }
}
