package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Settled;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a generator ends with. Of both types, as the method that returns it was compiled
 * as one that returns a stream, and is woven as one that returns a future.
 */
final class EndOfBody<T> extends Settled<@Nullable Void> implements AsyncStream<T> {
  EndOfBody() {
    complete(null);
  }

  @Override
  public Task<@Nullable T> next() {
    return Settled.value(null);
  }

  @Override
  public Task<@Nullable Void> closeAsync() {
    return Settled.value(null);
  }
}
