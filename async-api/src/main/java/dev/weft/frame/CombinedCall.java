package dev.weft.frame;

import dev.weft.Combiner;
import dev.weft.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Async.all} with a function returns: the call of an async method, as it were, that
 * awaits a {@link Combining} and calls the function with what that brings. So it has no rule of its
 * own for cancellations, failures and values that nobody gets: those of an await hold, and of the
 * {@code Combining}. Once it has taken the values they are the function's; see {@link Combiner}.
 *
 * <pre>{@code
 * static Task<String> offer(Shop shop, Item item) {
 *   return Async.all(shop.price(item), shop.reserve(item), (price, left) -> left ? "" + price : "");
 * }
 * }</pre>
 *
 * @param <R> the type of the result
 */
public final class CombinedCall<R extends @Nullable Object> extends Frame<R> {
  /** What the function makes of the values, which are of the types that it wants. */
  private interface Body<R extends @Nullable Object> {
    R apply(List<Object> values) throws Exception;
  }

  private static final String NO_FUNCTION = "all: the function is null";

  private final Body<? extends R> body;

  private CombinedCall(Body<? extends R> body) {
    this.body = body;
  }

  /** What {@code Async.all} of two stages and a function returns. */
  @SuppressWarnings("unchecked")
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Task<R> of(
          Combiner.Of2<? super A, ? super B, ? extends R> then,
          CompletionStage<? extends A> a,
          CompletionStage<? extends B> b) {
    Objects.requireNonNull(then, NO_FUNCTION);
    return begin(values -> then.apply((A) values.get(0), (B) values.get(1)), a, b);
  }

  /** As {@link #of(Combiner.Of2, CompletionStage, CompletionStage)}, of three. */
  @SuppressWarnings("unchecked")
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      Task<R> of(
          Combiner.Of3<? super A, ? super B, ? super C, ? extends R> then,
          CompletionStage<? extends A> a,
          CompletionStage<? extends B> b,
          CompletionStage<? extends C> c) {
    Objects.requireNonNull(then, NO_FUNCTION);
    return begin(
        values -> then.apply((A) values.get(0), (B) values.get(1), (C) values.get(2)), a, b, c);
  }

  /** As {@link #of(Combiner.Of2, CompletionStage, CompletionStage)}, of four. */
  @SuppressWarnings("unchecked")
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      Task<R> of(
          Combiner.Of4<? super A, ? super B, ? super C, ? super D, ? extends R> then,
          CompletionStage<? extends A> a,
          CompletionStage<? extends B> b,
          CompletionStage<? extends C> c,
          CompletionStage<? extends D> d) {
    Objects.requireNonNull(then, NO_FUNCTION);
    return begin(
        values ->
            then.apply((A) values.get(0), (B) values.get(1), (C) values.get(2), (D) values.get(3)),
        a,
        b,
        c,
        d);
  }

  private static <R extends @Nullable Object> Task<R> begin(
      Body<? extends R> body, CompletionStage<?>... stages) {
    Task<List<Object>> all = Combining.all(Arrays.asList(stages));
    return new CombinedCall<R>(body).await(all);
  }

  @SuppressWarnings("unchecked")
  private Task<R> await(Task<List<Object>> all) {
    if (!Await.isReady(all)) {
      return (Task<R>) suspendOn(all, 1, null);
    }
    try {
      return Settled.value(body.apply(Await.take(all)));
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  protected Object resume() {
    List<Object> values = Await.take((CompletableFuture<List<Object>>) takeAwaited());
    try {
      return Settled.value(body.apply(values));
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }
}
