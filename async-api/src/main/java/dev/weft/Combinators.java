package dev.weft;

import dev.weft.frame.CombinedCall;
import dev.weft.frame.Relay;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link Async} that awaits several stages at the same time. A class of its own so that
 * either can be read at a sitting; a program knows both as {@code Async}, and so does Javadoc, as
 * this one is hidden (Guava's {@code Futures} is made so too). The price: what calls by {@code
 * java.lang.reflect} does not get through to these methods.
 */
abstract class Combinators {
  Combinators() {}

  /**
   * Awaits several stages at the same time, all of them.
   *
   * <p>The first that fails decides: of the others, those that are calls or operations which nobody
   * else awaits are cancelled, as a cancelled method cancels what it awaits; and when they have run
   * to their end, clean-up included, the task fails with that first failure. Failures that the
   * others come to on their own account are suppressed in it, a hundred at most. Spawned tasks and
   * plain futures have a life of their own and are let go of at once ({@link Async#cancelling}
   * around one cancels it too). A value that comes to nobody this way (a socket, a permit) is given
   * back.
   *
   * <p>JavaScript's {@code Promise.all} and Kotlin's {@code awaitAll} fail as early, and leave the
   * rest running, or to a scope; Tokio's {@code try_join!} drops it, which is what is done here.
   *
   * @return the values, in the order of the stages; cancelling it cancels what it awaits likewise
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  public static <T extends @Nullable Object> Task<List<T>> all(
      CompletionStage<? extends T>... stages) {
    return Relay.all(Arrays.asList(stages));
  }

  /** As {@link #all(CompletionStage[])}; of none, the empty list. */
  public static <T extends @Nullable Object> Task<List<T>> all(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Relay.all(stages);
  }

  /**
   * Awaits two stages of different types, as {@link #all(CompletionStage[])} does, and calls a
   * function with their values:
   *
   * <pre>{@code
   * static Task<String> offer(Shop shop, Item item) {
   *   return Async.all(
   *       shop.price(item),
   *       shop.reserve(item),
   *       (price, reserved) -> reserved ? "yours for " + price : "sold out");
   * }
   * }</pre>
   *
   * <p>It is what an async method would do that awaits both and then calls the function. What
   * fails, is cancelled and is given back, and what is waited for, is as with the list. {@link
   * Combiner} says where the function is called, and whose the values are.
   *
   * @param then called once both have a value, and not if one has failed. It may throw, which is
   *     the failure of the task returned
   * @return a task that ends as the function does
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Task<R> all(
          CompletionStage<? extends A> first,
          CompletionStage<? extends B> second,
          Combiner.Of2<? super A, ? super B, ? extends R> then) {
    return CombinedCall.of(then, first, second);
  }

  /** As {@link #all(CompletionStage, CompletionStage, Combiner.Of2)}, of three stages. */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      Task<R> all(
          CompletionStage<? extends A> first,
          CompletionStage<? extends B> second,
          CompletionStage<? extends C> third,
          Combiner.Of3<? super A, ? super B, ? super C, ? extends R> then) {
    return CombinedCall.of(then, first, second, third);
  }

  /** As {@link #all(CompletionStage, CompletionStage, Combiner.Of2)}, of four stages. */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      Task<R> all(
          CompletionStage<? extends A> first,
          CompletionStage<? extends B> second,
          CompletionStage<? extends C> third,
          CompletionStage<? extends D> fourth,
          Combiner.Of4<? super A, ? super B, ? super C, ? super D, ? extends R> then) {
    return CombinedCall.of(then, first, second, third, fourth);
  }

  /**
   * Awaits several stages at the same time until one has a value. The others are then cancelled by
   * the rules of {@link #all(CompletionStage[])}, and the task ends when they have ended.
   *
   * @return the first value; if none has one, it fails with the first failure, and the others are
   *     suppressed in that, a hundred at most. JavaScript's {@code Promise.any}
   * @throws IllegalArgumentException if there is no stage
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  public static <T extends @Nullable Object> Task<T> any(CompletionStage<? extends T>... stages) {
    return Relay.any(Arrays.asList(stages));
  }

  /** As {@link #any(CompletionStage[])}. */
  public static <T extends @Nullable Object> Task<T> any(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Relay.any(stages);
  }

  /**
   * Awaits several stages at the same time until one has ended, however. The others are then
   * cancelled by the rules of {@link #all(CompletionStage[])}, and the task ends when they have
   * ended. Of those that are complete already, the first in the order given.
   *
   * @return ends as that stage does. JavaScript's {@code Promise.race}
   * @throws IllegalArgumentException if there is no stage
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  public static <T extends @Nullable Object> Task<T> race(CompletionStage<? extends T>... stages) {
    return Relay.race(Arrays.asList(stages));
  }

  /** As {@link #race(CompletionStage[])}. */
  public static <T extends @Nullable Object> Task<T> race(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return Relay.race(stages);
  }
}
