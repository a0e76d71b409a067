package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code forEachAsync}. */
final class ForEach extends Sink {
  private final ThrowingFunction<Object, ? extends @Nullable CompletionStage<?>> function;

  ForEach(ThrowingFunction<Object, ? extends @Nullable CompletionStage<?>> function) {
    this.function = function;
  }

  @Override
  @Nullable CompletionStage<?> accept(Object element) throws Exception {
    return function.apply(element);
  }
}
