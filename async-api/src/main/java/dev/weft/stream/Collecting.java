package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** {@code collect}. */
final class Collecting<A> extends Sink {
  private final Collector<Object, A, ?> collector;
  private final A container;

  Collecting(Collector<Object, A, ?> collector) {
    this.collector = collector;
    this.container = collector.supplier().get();
  }

  @Override
  @Nullable CompletionStage<?> accept(Object element) {
    collector.accumulator().accept(container, element);
    return null;
  }

  @Override
  @Nullable Object result() {
    return collector.finisher().apply(container);
  }
}
