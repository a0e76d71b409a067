package dev.weft.frame;

import dev.weft.Async;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * How one woven method awaits the call of another without a future between them. The called method
 * has a second, private entry that returns an {@code Object}: the value itself where it has come to
 * its end, or else what is to be awaited, which is a frame where it has suspended. The two are told
 * apart by their class: a {@link CompletableFuture} is to be awaited, and anything else is the
 * value.
 *
 * <pre>{@code
 * static Object price(Shop shop, Object result) { // what await(price(shop)) comes to
 *   if (Bare.isValue(result)) {
 *     return result;
 *   }
 *   return Await.take(Bare.stage(result)); // or suspends, as any await
 * }
 * }</pre>
 *
 * <p>Whatever is not plain goes the old way, through a future that is then awaited: a value that is
 * a future itself, an await that has to suspend although the value is there, since the coop budget
 * is spent or every await suspends (as on Node), a failure that an await would open. So none of
 * this has rules of its own: {@link Await} has them.
 */
public final class Bare {
  /** In place of a null that a method has returned as its stage; a null is a value here. */
  private static final Task<?> NULL_STAGE = Settled.value(null);

  private Bare() {}

  // ---- what a bare entry returns

  /** A value, as a bare entry returns it. */
  public static @Nullable Object value(@Nullable Object value) {
    return value instanceof CompletableFuture ? Settled.value(value) : value;
  }

  /** A future that a method returns as it is. */
  public static Object returned(@Nullable CompletableFuture<?> future) {
    return future == null ? NULL_STAGE : future;
  }

  /**
   * True if a bare entry throws on what its code has thrown, to the await of its caller, which
   * takes a unit of the coop budget. Where that await would suspend first, or throw another
   * exception, the entry returns a failed future. See {@link #failed} for who awaits nothing.
   *
   * <p>It is a question, because there has to be a branch behind it: C2 leaves out what a branch
   * that was never reached leads to, and, up to JDK 21, no handler. Behind a mere call it would
   * join a failed future with the value of each call, and then box the value.
   */
  public static boolean passes(Throwable error) {
    return !(error instanceof CompletionException) && goesOn();
  }

  /**
   * What {@link Frame#resume} returns for what the code of a resumed method has returned. With a
   * value the frame ends here: so nobody has to look once more what it is, which for an object that
   * is no {@code CompletionStage} takes 10 ns, as that is an interface.
   */
  public static @Nullable Object outcome(@Nullable Object result, Frame<?> frame) {
    if (result instanceof CompletableFuture) {
      return result == NULL_STAGE ? null : result;
    }
    Polling.endWithValue(frame, result);
    return Frame.SUSPENDED;
  }

  // ---- what awaits the call

  /**
   * True if what a bare entry has returned is the value, and the await goes on with it. As any
   * ready await it takes a unit of the coop budget: a loop of calls that are always ready would let
   * nobody else run.
   *
   * <p>The weaver leaves it out, and looks at the class alone, where the method that is called
   * passes an await of its own on each way to a value. That one, or one further down, has come here
   * or to {@link Await#isReady} and taken a unit; on an executor where every await suspends it has
   * suspended, and what has come back is no value. From one unit to the next code goes up one stack
   * of calls then, and down another, and no loop that awaits goes round.
   */
  public static boolean isValue(@Nullable Object result) {
    return !(result instanceof CompletableFuture) && goesOn();
  }

  private static boolean goesOn() {
    Carrier carrier = Carrier.current();
    return carrier == null || carrier.spendBudget();
  }

  /** What else it has returned, to be awaited. */
  public static CompletableFuture<?> stage(@Nullable Object result) {
    if (result instanceof CompletableFuture<?> future) {
      if (future == NULL_STAGE) {
        throw Await.nullStage();
      }
      return future;
    }
    return Settled.value(result);
  }

  // ---- what other callers get

  /**
   * A future, as a method returns one that ends with {@code Async.done(x)}; for null the one that
   * {@code Async.done()} gives to all, as most methods without a result end with that.
   */
  public static @Nullable CompletableFuture<?> future(@Nullable Object result) {
    if (result == null) {
      return Async.done();
    }
    return result instanceof CompletableFuture<?> future ? given(future) : Settled.value(result);
  }

  /** The same as a task, which it is by the method's declared type. */
  public static @Nullable Task<?> task(@Nullable Object result) {
    return (Task<?>) future(result);
  }

  /** A future, as a method returns one that ends with {@code completedFuture(x)}. */
  public static @Nullable CompletableFuture<?> completed(@Nullable Object result) {
    return result instanceof CompletableFuture<?> future
        ? given(future)
        : CompletableFuture.completedFuture(result);
  }

  /**
   * A failed future, of what the entry has thrown. {@link #passes} has taken a unit of the budget
   * for an await, and there is none: so that is given back.
   */
  public static Task<?> failed(Throwable error) {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.returnBudget();
    }
    return Settled.thrown(error);
  }

  private static @Nullable CompletableFuture<?> given(CompletableFuture<?> future) {
    return future == NULL_STAGE ? null : future;
  }
}
