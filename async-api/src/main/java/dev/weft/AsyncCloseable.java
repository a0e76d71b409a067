package dev.weft;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Something whose closing takes time: what is still under way in it is cancelled, and is awaited.
 * It stands in a try-with-resources statement like any other. In an async method the weaver makes
 * an await of the {@code close()} that the compiler puts at the end of the block, so the method
 * goes on when everything has ended, and blocks no thread; C#'s {@code await using}.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> firstFree(AsyncStream<Integer> ports) {
 *   try (ports) {                        // its finally blocks have run when this method ends
 *     Integer first = await(ports.next());
 *     return done(first == null ? -1 : first);
 *   }
 * }
 * }</pre>
 */
public interface AsyncCloseable extends AutoCloseable {
  /**
   * Closes this, once: whatever is under way is cancelled, and what was not fetched is let go of.
   * From any thread.
   *
   * @return a task that ends when nothing of it runs any more; fails with what the clean-up failed
   *     with. Each call returns a task that ends so. Cancelling it cancels no clean-up.
   */
  Task<@Nullable Void> closeAsync();

  /**
   * {@link #closeAsync}, and blocks until that has ended. On an executor's own thread, in code that
   * was not woven, it does not wait: it would wait for itself.
   *
   * @throws CompletionException around a failure of the clean-up
   */
  @Override
  default void close() {
    Task<@Nullable Void> closing = closeAsync();
    if (AsyncExecutor.current() == null) {
      closing.join();
    }
  }
}
