package dev.weft.perf.awaitcost;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What two tasks hand to each other. Whoever asks for the next future to await completes the
 * other's. Both tasks run on one thread.
 */
final class Baton {
  private final Sources pings;
  private final Sources pongs;
  private final @Nullable Executor completer;

  /** The first task's futures. */
  final Supplier<CompletableFuture<?>> ping = this::nextPing;

  /** The second task's futures. */
  final Supplier<CompletableFuture<?>> pong = this::nextPong;

  /**
   * A baton.
   *
   * @param completer where futures are completed, or null for the calling task
   */
  Baton(Sources pings, Sources pongs, @Nullable Executor completer) {
    this.pings = pings;
    this.pongs = pongs;
    this.completer = completer;
  }

  /** Called when the first task has ended, for the second one awaits it once more. */
  void release() {
    pongs.completeNext();
  }

  private CompletableFuture<?> nextPing() {
    return next(pings, pongs);
  }

  private CompletableFuture<?> nextPong() {
    return next(pongs, pings);
  }

  private CompletableFuture<?> next(Sources mine, Sources others) {
    CompletableFuture<?> awaited = mine.get();
    CompletableFuture<Integer> other = others.take();
    if (other != null) {
      if (completer == null) {
        other.complete(1);
      } else {
        completer.execute(() -> other.complete(1));
      }
    }
    return awaited;
  }
}
