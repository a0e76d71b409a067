package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Settled;
import org.jspecify.annotations.Nullable;

/** A {@link Chain} as its consumer sees it, until an operator is put at the end. */
final class Pipeline<T> implements AsyncStream<T> {
  private final Chain chain;
  private volatile boolean linked;

  Pipeline(Intake intake) {
    this(new Chain(intake));
  }

  private Pipeline(Chain chain) {
    this.chain = chain;
  }

  /** The chain of a stream whose consumer is now another. */
  static Chain take(AsyncStream<?> stream) {
    if (!(stream instanceof Pipeline<?> pipeline)) {
      return new Chain(new StreamIntake(stream));
    }
    synchronized (pipeline) {
      if (pipeline.linked) {
        throw linkedAlready();
      }
      pipeline.linked = true;
    }
    return pipeline.chain;
  }

  /** A stream as its consumer sees it, whom it has from now on. */
  static AsyncStream<?> own(AsyncStream<?> stream) {
    return stream instanceof Pipeline<?> ? new Pipeline<>(take(stream)) : stream;
  }

  /** A stream with one more operator. */
  static <R> AsyncStream<R> with(AsyncStream<?> stream, Stage stage) {
    Chain chain = take(stream);
    chain.add(stage);
    return new Pipeline<>(chain);
  }

  private static IllegalStateException linkedAlready() {
    return new IllegalStateException(
        "this stream has been given to an operator, which is its one consumer: use what that"
            + " returned");
  }

  @Override
  @SuppressWarnings("unchecked") // what comes out of the chain's last stage
  public Task<@Nullable T> next() {
    return (Task<@Nullable T>) (linked ? Settled.failure(linkedAlready()) : chain.next());
  }

  @Override
  public Task<@Nullable Void> closeAsync() {
    return chain.closeAsync();
  }
}
