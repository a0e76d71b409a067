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

  // ---- generators

  /**
   * Hands an element to the consumer, in a generator: a method that returns an {@code AsyncStream}
   * and is written as the code which makes the elements one after the other. The weaver turns it
   * into a state machine, as it does with an async method.
   *
   * <pre>{@code
   * static AsyncStream<Price> prices(Shop shop, List<Item> items) {
   *   try {
   *     for (Item item : items) {
   *       AsyncStream.emit(await(shop.price(item)));
   *     }
   *   } finally {
   *     await(Async.yieldNow()); // clean-up may await
   *   }
   *   return AsyncStream.end();
   * }
   * }</pre>
   *
   * <p>Nothing of it runs before the first {@link #next}. Then it runs, on the thread of who called
   * that, to the next {@code emit}, and pauses there until it is asked for more; where it awaits
   * something that is not ready, its consumer waits too. What it throws is what {@code next} fails
   * with, and the end of the stream. Closing it, or cancelling a {@code next} that waits, throws a
   * {@link dev.weft.TaskCancelledException} where it stands: its {@code finally} blocks run, their
   * awaits included, before {@link #closeAsync} has ended.
   *
   * <p>As an await, it must not stand in a {@code synchronized} block. The element's type is not
   * checked by the compiler, as a static method does not know which stream it is for.
   *
   * @param element not null
   * @throws NullPointerException if it is null
   * @throws IllegalStateException if the calling method was not woven
   */
  @SuppressWarnings("DoNotCallSuggester") // it is to be called, and the weaver replaces the call
  static <E> void emit(E element) {
    throw NotWoven.refusal("emit");
  }

  /**
   * The end of a generator, {@code return end();}: the only thing that it may return. See {@link
   * #emit}.
   *
   * @throws IllegalStateException if the calling method was not woven
   */
  @SuppressWarnings("DoNotCallSuggester")
  static <E> AsyncStream<E> end() {
    throw NotWoven.refusal("end");
  }
}
