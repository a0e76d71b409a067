package dev.weft.frame;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
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
 *   return SomeFrame.suspend(future, 1, frame);
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
    if (stage != null && MinimalStages.isOne(stage)) { // a CompletableFuture that refuses isDone()
      return MinimalStages.futureOf(stage);
    }
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
    // A plain future is told by its exact class: one comparison, and the compiler knows its
    // methods.
    if (future.getClass() == CompletableFuture.class || !(future instanceof Task<?> task)
        ? !future.isDone()
        : !task.isFinished() || task == YIELD || (task instanceof Move move && !move.isHere())) {
      return InPlace.inUse && InPlace.awaits(future);
    }
    Carrier carrier = Carrier.current();
    if (carrier == null || carrier.spendBudget() || (InPlace.inUse && InPlace.awaits(future))) {
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
      if (failure instanceof TaskCancelledException && !(future instanceof Settled.Thrown)) {
        failure = ofWhoIsCancelled(failure);
      }
      AsyncTraces.thrown(future, failure);
      SharedFailures.thrown(future, failure);
      throw Await.<RuntimeException>sneaky(failure);
    }
    return future.join(); // not getNow(), which claims no value that has to be given back
  }

  /**
   * The result of a complete future, by the rules of EA Async.
   *
   * @throws CompletionException around the exception that the future failed with
   */
  public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    if (future.isCompletedExceptionally()) {
      Throwable held = heldBy(future); // join() makes a wrapper of its own, unless this is one
      AsyncTraces.thrown(future, held);
      if (unwrapped(held) != held) {
        AsyncTraces.thrown(future, unwrapped(held));
      }
      SharedFailures.thrown(future, unwrapped(held));
      SharedFailures.handedOut(future, held);
    }
    return future.join();
  }

  /**
   * A method that was told of a cancellation may be awaited by one that was not, and is not meant:
   * a call that was kept, or that a time limit around it has ended. That one gets another
   * exception; see {@link TaskCancelledException}.
   */
  private static Throwable ofWhoIsCancelled(Throwable failure) {
    Carrier carrier = Carrier.current();
    if (carrier == null || carrier.isCancelled()) { // without one nobody knows who is polled
      return failure;
    }
    CancellationException foreign = new CancellationException("what is awaited was cancelled");
    foreign.initCause(failure);
    AsyncTraces.made(foreign);
    return foreign;
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
    CompletableFuture<Throwable> held = future.handle((value, thrown) -> thrown);
    if (held.isDone()) {
      return Objects.requireNonNull(held.join());
    }
    try { // a subclass that lets others run the function, and nothing must wait for those
      future.getNow(null);
    } catch (CompletionException | CancellationException thrown) {
      return thrown;
    }
    throw new IllegalStateException(future.getClass() + " has failed, and does not say with what");
  }

  private static Throwable unwrapped(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    return cause != null ? cause : error;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
  static <E extends Throwable> E sneaky(Throwable error) throws E {
    throw (E) error;
  }
}
