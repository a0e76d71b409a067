package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code count}. */
final class Counting extends Sink {
  private long count;

  @Override
  @Nullable CompletionStage<?> accept(Object element) {
    count++;
    return null;
  }

  @Override
  Object result() {
    return count;
  }
}
