package dev.weft.frame;

import dev.weft.Task;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code await} becomes while it need not suspend:
 *
 * <pre>{@code
 * CompletableFuture future = Await.future(stage);
 * if (!Await.isReady(future)) {
 *   return SomeFrame.suspend(future, ..);
 * }
 * Object result = Await.take(future);
 * }</pre>
 */
public final class Await {
  /**
   * Already complete, yet never ready for an await: awaiting it parks the frame behind all others.
   * One object for everyone, so a yield allocates nothing.
   */
  public static final Task<@Nullable Void> YIELD = Settled.value(null);

  private Await() {}

  /**
   * The awaited stage as a future.
   *
   * @throws NullPointerException if the stage is null, or has no future
   */
  @SuppressWarnings("unchecked")
  public static <T extends @Nullable Object> CompletableFuture<T> future(CompletionStage<T> stage) {
    if (stage instanceof Task<?> task) {
      return (CompletableFuture<T>) task;
    }
    // Asked also of a CompletableFuture: the minimal stages of the JDK extend it, yet refuse
    // isDone().
    CompletableFuture<T> future = stage == null ? null : stage.toCompletableFuture();
    if (future == null) {
      throw nullStage();
    }
    return future;
  }

  /** What awaiting null ends in, wherever the null comes from. */
  static NullPointerException nullStage() {
    return new NullPointerException(
        "await(null): there is no stage to wait for. An async method must not return null; one"
            + " without a result returns Async.done()");
  }

  /**
   * True if an await of this future need not suspend: the future is complete, the body behind it
   * has ended, and the running task has coop budget left.
   */
  public static boolean isReady(CompletableFuture<?> future) {
    if (future == null) { // code that has it as a future from the start does not ask future()
      throw nullStage();
    }
    if (future instanceof Task<?> task ? !task.isFinished() || task == YIELD : !future.isDone()) {
      return false;
    }
    Carrier carrier = Carrier.current();
    if (carrier == null || carrier.spendBudget()) {
      return true;
    }
    carrier.onForcedYield();
    return false;
  }

  /**
   * The result of a complete future. Throws what the future failed with, undeclared if it is a
   * checked exception: the original one, not a {@link CompletionException} around it.
   */
  public static <T extends @Nullable Object> T take(CompletableFuture<T> future) {
    if (future.isCompletedExceptionally()) {
      Throwable failure = failureOf(future);
      SharedFailures.thrown(future, failure);
      throw Await.<RuntimeException>sneaky(failure);
    }
    return future.join();
  }

  /**
   * The result of a complete future, by the rules of EA Async.
   *
   * @throws CompletionException around the exception that the future failed with
   */
  public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    if (future.isCompletedExceptionally()) {
      Throwable held = heldBy(future); // join() makes a wrapper of its own, unless this is one
      SharedFailures.thrown(future, unwrapped(held));
      SharedFailures.handedOut(future, held);
    }
    return future.join();
  }

  /** The exception that a failed future holds, without the CompletionException around it. */
  static Throwable failureOf(CompletableFuture<?> future) {
    Throwable failure = unwrapped(heldBy(future));
    SharedFailures.handedOut(future, failure);
    return failure;
  }

  private static Throwable heldBy(CompletableFuture<?> future) {
    // On a complete future the function runs at once, on this thread. Cheaper than join() or
    // whenComplete(), which build a CompletionException with a stack trace only for us to open it.
    return Objects.requireNonNull(future.handle((value, thrown) -> thrown).join());
  }

  private static Throwable unwrapped(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return cause != null ? cause : error;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
  private static <E extends Throwable> E sneaky(Throwable error) throws E {
    throw (E) error;
  }
}
