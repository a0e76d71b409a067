package dev.weft.resilience;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.frame.SharedFailures;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call. A frame, as the weaver would make it of
 *
 * <pre>
 *   for (;;) {
 *     try {
 *       return done(await(body.call()));
 *     } catch (Throwable error) {
 *       if (!again(error)) throw error;
 *     }
 *     await(sleep(pause));
 *   }
 * </pre>
 *
 * so a cancellation goes through it as through any async method. A pause of no time suspends as
 * well if there is one to be delivered: no attempt is made after it.
 */
final class Attempts<T extends @Nullable Object> extends Frame<T> {
  private static final int ATTEMPT = 1;
  private static final int PAUSE = 2;

  private final Retry retry;
  private final Callable<? extends CompletionStage<T>> body;
  private int made;
  private @Nullable Throwable last;

  Attempts(Retry retry, Callable<? extends CompletionStage<T>> body) {
    this.retry = retry;
    this.body = body;
  }

  /** Runs on the caller's thread for as long as nothing has to be waited for. */
  @SuppressWarnings("unchecked")
  Task<T> begin() {
    try {
      Object outcome = resume();
      return outcome == SUSPENDED ? this : (Task<T>) outcome;
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @Override
  protected Object resume() {
    CompletableFuture<?> awaited = state == 0 ? null : takeAwaited();
    if (awaited != null && state == PAUSE) {
      awaitedPause(awaited);
      awaited = null;
    }
    while (true) {
      if (awaited == null) {
        made++;
        awaited = attempt();
        if (!Await.isReady(awaited)) {
          park(awaited, ATTEMPT);
          return SUSPENDED;
        }
      }
      if (!awaited.isCompletedExceptionally()) {
        return awaited instanceof Task<?> task ? task : Async.done(Await.take(awaited));
      }
      Task<@Nullable Void> pause = afterFailure(awaited);
      awaited = null;
      if (!Await.isReady(pause)) {
        park(pause, PAUSE);
        return SUSPENDED;
      }
    }
  }

  private void awaitedPause(CompletableFuture<?> pause) {
    try {
      Await.take(pause);
    } catch (Throwable error) { // cancelled meanwhile, or the executor is halted
      if (last != null) {
        SharedFailures.addFurther(error, last);
      }
      throw error;
    }
  }

  private CompletableFuture<T> attempt() {
    try {
      return Await.future(body.call());
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  /** The pause before the next attempt; throws the failure if there is to be none. */
  private Task<@Nullable Void> afterFailure(CompletableFuture<?> failed) {
    try {
      Await.take(failed);
      throw new IllegalStateException("an attempt has failed, and has not");
    } catch (Throwable error) {
      if (last != null) {
        SharedFailures.addFurther(error, last); // which has the earlier ones
      }
      last = error;
      AsyncExecutor executor = AsyncExecutor.currentOrShared();
      if (!retry.allows(made, error)) {
        throw error;
      }
      Duration pause = retry.pause(made, executor);
      Duration left = Async.remainingTime();
      if (left != null && left.compareTo(pause) <= 0) {
        throw error;
      }
      if (pause.isZero()) {
        return Async.isCancelled() ? Async.yieldNow() : Async.done();
      }
      return executor.sleep(pause);
    }
  }
}
