package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code reduce}. */
final class Reducing extends Sink {
  private final ThrowingBiFunction<Object, Object, Object> function;
  private Object sum;

  Reducing(Object start, ThrowingBiFunction<Object, Object, Object> function) {
    this.function = function;
    this.sum = start;
  }

  @Override
  @Nullable CompletionStage<?> accept(Object element) throws Exception {
    sum = function.apply(sum, element);
    return null;
  }

  @Override
  Object result() {
    return sum;
  }
}
