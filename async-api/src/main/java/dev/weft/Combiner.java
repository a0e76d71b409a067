package dev.weft;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Async#all(java.util.concurrent.CompletionStage, java.util.concurrent.CompletionStage,
 * Combiner.Of2) Async.all} makes of the values of several stages, each of its own type. A function
 * of two, three or four; a lambda is one:
 *
 * <pre>{@code
 * static Task<Boolean> agree(Shop one, Shop other, Item item) {
 *   return Async.all(one.price(item), other.price(item), (a, b) -> a.equals(b));
 * }
 * }</pre>
 *
 * <p><b>Thread.</b> It is called where an async method goes on after an await: on the calling
 * thread if all values are there already, else as a task of the {@link AsyncExecutor} on which
 * {@code all} was called; outside any executor, of {@link WorkStealingExecutor#shared()}. So never
 * by who completes a stage, a Netty loop or a timer, as {@code thenCombine} would have it. It is no
 * async method: what is to be awaited is done with the result of {@code all}.
 *
 * <p><b>Whose the values are.</b> From the call on they are the function's, as after an await they
 * are the method's: something acquired that it does not return, it closes, also where it throws.
 * {@code try} does that. They are not given back when it throws, because nobody could tell what it
 * had closed by then, and a lock that is given back twice is another one's. A value that the
 * function does not get, because another stage has failed or the call was cancelled, is given back.
 *
 * <pre>{@code
 * static Task<String> inBoth(AsyncMutex one, AsyncMutex other, Callable<String> work) {
 *   return Async.all(
 *       one.lock(),
 *       other.lock(),
 *       (first, second) -> {
 *         try (first;
 *             second) {
 *           return work.call(); // whatever this throws, both locks are free again
 *         }
 *       });
 * }
 * }</pre>
 *
 * <p>Elsewhere it is a tuple that the method takes apart itself: Tokio's {@code try_join!},
 * Python's {@code gather}, C#'s {@code WhenAll} with {@code Result}, Kotlin's {@code a.await()} and
 * {@code b.await()} in a {@code coroutineScope}. Java has none, and the list of {@code all} has one
 * type. Of these, Tokio and Kotlin end the others at the first failure, as here; {@code WhenAll}
 * and {@code thenCombine} first wait for stages whose values nobody will get.
 */
public final class Combiner {
  private Combiner() {}

  /**
   * A function of two values, which may throw anything.
   *
   * <pre>{@code
   * Combiner.Of2<Price, Boolean, String> offer = (price, left) -> left ? "for " + price : "none left";
   * }</pre>
   *
   * @param <A> the type of the first value
   * @param <B> of the second
   * @param <R> of what is made of them
   */
  @FunctionalInterface
  public interface Of2<
      A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
    /** Makes one of them. */
    R apply(A first, B second) throws Exception;
  }

  /**
   * A function of three values, which may throw anything.
   *
   * <pre>{@code
   * Combiner.Of3<String, Integer, Boolean, String> line = (a, b, c) -> a + b + c;
   * }</pre>
   *
   * @param <A> the type of the first value
   * @param <B> of the second
   * @param <C> of the third
   * @param <R> of what is made of them
   */
  @FunctionalInterface
  public interface Of3<
      A extends @Nullable Object,
      B extends @Nullable Object,
      C extends @Nullable Object,
      R extends @Nullable Object> {
    /** Makes one of them. */
    R apply(A first, B second, C third) throws Exception;
  }

  /**
   * A function of four values, which may throw anything.
   *
   * <pre>{@code
   * Combiner.Of4<String, Integer, Boolean, Long, String> line = (a, b, c, d) -> a + b + c + d;
   * }</pre>
   *
   * @param <A> the type of the first value
   * @param <B> of the second
   * @param <C> of the third
   * @param <D> of the fourth
   * @param <R> of what is made of them
   */
  @FunctionalInterface
  public interface Of4<
      A extends @Nullable Object,
      B extends @Nullable Object,
      C extends @Nullable Object,
      D extends @Nullable Object,
      R extends @Nullable Object> {
    /** Makes one of them. */
    R apply(A first, B second, C third, D fourth) throws Exception;
  }
}
