package dev.weft.stream;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * Elements that come one after the other, each when it is asked for: what {@link
 * java.util.Iterator} is for elements that are there.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> sum(AsyncStream<Integer> numbers) {
 *   int sum = 0;
 *   try (numbers) {
 *     for (Integer n; (n = await(numbers.next())) != null; ) {
 *       sum += n;
 *     }
 *   }
 *   return done(sum);
 * }
 * }</pre>
 *
 * <p>One consumer at a time: {@code next} is called again when the task before it has ended, and
 * its value was taken.
 *
 * @param <T> the type of the elements; no element is null
 */
public interface AsyncStream<T> extends AsyncCloseable {
  /**
   * Asks for the next element.
   *
   * @return a task that ends with it, or with null after the last one, also when it is asked again;
   *     fails with what the stream failed with. It is for one await, at once: a stream may use the
   *     same object for each element. Cancelling it cancels what makes the element.
   */
  Task<@Nullable T> next();
}
