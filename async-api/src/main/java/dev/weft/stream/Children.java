package dev.weft.stream;

import dev.weft.AsyncExecutor;
import dev.weft.Task;

/** Tasks of their own that take the elements of a stream ahead of its consumer. */
final class Children {
  private Children() {}

  /**
   * Starts one, on the executor of who asks for the first element.
   *
   * @param outlet is ended with it
   */
  static Task<?> drain(String name, Chain chain, Sink sink, Outlet<?> outlet) {
    Task<?> child = spawn(name, chain, sink);
    child.whenComplete((nothing, error) -> outlet.end(error));
    return child;
  }

  @SuppressWarnings("unchecked")
  static Task<?> spawn(String name, Chain chain, Sink sink) {
    return AsyncExecutor.currentOrShared().spawn(name, () -> (Task<Object>) Drain.of(chain, sink));
  }
}
