package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code forEach}. */
final class Doing extends Sink {
  private final ThrowingConsumer<Object> action;

  Doing(ThrowingConsumer<Object> action) {
    this.action = action;
  }

  @Override
  @Nullable CompletionStage<?> accept(Object element) throws Exception {
    action.accept(element);
    return null;
  }
}
