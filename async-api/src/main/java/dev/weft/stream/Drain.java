package dev.weft.stream;

import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Settled;
import dev.weft.frame.SharedFailures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes all elements of a stream and then, mostly, closes it, whatever the end: an async method,
 * lazy as those are, with one frame if it ever waits.
 */
final class Drain implements Call.Body {
  private static final int ELEMENT = 1;
  private static final int SINK = 2;
  private static final int CLOSING = 3;

  private final Chain chain;
  private final Sink sink;

  /** What it waits for. */
  private CompletableFuture<?> awaited = Intake.READY;

  private @Nullable Throwable failure;

  private Drain(Chain chain, Sink sink) {
    this.chain = chain;
    this.sink = sink;
  }

  /** Begins, on the calling thread. */
  @SuppressWarnings("unchecked") // what the sink makes
  static <R extends @Nullable Object> Task<R> into(Sink sink, AsyncStream<?> stream) {
    return (Task<R>) of(Pipeline.take(stream), sink);
  }

  /** As {@link #into}, for a chain whose one consumer this is. */
  static Task<?> of(Chain chain, Sink sink) {
    if (chain.enter()) {
      return new Drain(chain, sink).run(null, sink.begin());
    }
    return chain.isClosed()
        ? Settled.value(sink.result()) // there is nothing any more
        : Settled.failure(Chain.inUse());
  }

  private Task<?> run(@Nullable Call resumed, @Nullable CompletionStage<?> before) {
    CompletionStage<?> first = before;
    try {
      while (true) {
        if (first != null) {
          CompletableFuture<?> future = Await.future(first);
          if (!Await.isReady(future)) {
            return suspend(resumed, future, SINK);
          }
          Await.take(future);
        }
        if (sink.isFull()) {
          break;
        }
        Object element = chain.poll();
        if (element == null) {
          break;
        }
        if (element == Intake.WAIT) {
          return suspend(resumed, chain.awaited(), ELEMENT);
        }
        first = sink.accept(element);
        if (chain.isClosed()) {
          throw Chain.closed();
        }
        if (first == null && !Await.isReady(Intake.READY)) {
          first = Await.YIELD;
        }
      }
    } catch (Throwable error) {
      failure = error;
    }
    return close(resumed);
  }

  private Task<?> suspend(@Nullable Call resumed, CompletableFuture<?> future, int state) {
    Call suspended = Call.of(resumed, this);
    awaited = future;
    chain.suspending(suspended);
    return Call.suspend(suspended, resumed != null, future, state);
  }

  @Override
  public Task<?> resume(Call resumed, int state, CompletableFuture<?> outcome) {
    if (state == CLOSING) {
      return over(outcome);
    }
    if (state == SINK || outcome != awaited) {
      try {
        Await.take(outcome);
      } catch (Throwable error) {
        if (state == ELEMENT) {
          chain.letGo(error);
        }
        failure = error;
        return close(resumed);
      }
    }
    return run(resumed, null);
  }

  private Task<?> close(@Nullable Call resumed) {
    chain.leave();
    if (!sink.closesStream()) {
      return over(Intake.READY);
    }
    Task<@Nullable Void> closing = chain.closeAsync();
    if (closing.isFinished() || failure instanceof HaltedError) {
      return over(closing);
    }
    return Call.suspend(Call.of(resumed, this), resumed != null, closing, CLOSING);
  }

  private Task<?> over(CompletableFuture<?> closed) {
    Throwable error = failure;
    if (!(error instanceof HaltedError)) {
      try {
        Await.take(closed);
      } catch (Throwable later) {
        if (error == null) {
          error = later;
        } else if (error != later) {
          SharedFailures.addSuppressed(error, later);
        }
      }
    }
    return error == null ? Settled.value(sink.result()) : Settled.thrown(error);
  }
}
