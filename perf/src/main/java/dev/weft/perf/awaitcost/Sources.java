package dev.weft.perf.awaitcost;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the futures that a loop awaits, and remembers the one that is not complete yet. Confined to
 * one thread, or to tasks of one thread.
 */
abstract class Sources implements Supplier<CompletableFuture<?>> {
  private @Nullable CompletableFuture<Integer> pending;

  /** Weft tasks. */
  static final class OfTasks extends Sources {
    @Override
    CompletableFuture<Integer> make() {
      return new Task<>();
    }
  }

  /** Futures as the JDK has them. */
  static final class OfFutures extends Sources {
    @Override
    CompletableFuture<Integer> make() {
      return new CompletableFuture<>();
    }
  }

  abstract CompletableFuture<Integer> make();

  @Override
  public CompletableFuture<?> get() {
    CompletableFuture<Integer> made = make();
    pending = made;
    return made;
  }

  /** Takes the future that was made last; null if it has been taken. */
  @Nullable CompletableFuture<Integer> take() {
    CompletableFuture<Integer> taken = pending;
    pending = null;
    return taken;
  }

  /**
   * Completes the future that was made last.
   *
   * @return false if that has been done, so that nobody waits any more
   */
  boolean completeNext() {
    CompletableFuture<Integer> next = take();
    return next != null && next.complete(1);
  }
}
