package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code first}. */
final class First extends Sink {
  private @Nullable Object first;

  @Override
  @Nullable CompletionStage<?> accept(Object element) {
    first = element;
    return null;
  }

  @Override
  boolean isFull() {
    return first != null;
  }

  @Override
  @Nullable Object result() {
    return first;
  }
}
