package dev.weft.perf.peer;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Fails three calls deep, after the innermost has waited, and prints the stack trace. */
final class Traced {
  private static final Duration SHORT = Duration.ofMillis(1);

  private Traced() {}

  static void print(boolean virtual) throws Exception {
    if (virtual) {
      printOfVirtualThread();
      return;
    }
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      executor.spawn(Traced::outer).get();
    } catch (ExecutionException e) {
      Objects.requireNonNullElse(e.getCause(), e).printStackTrace(System.out);
    }
  }

  private static CompletableFuture<@Nullable Void> outer() {
    await(middle());
    return done();
  }

  private static CompletableFuture<@Nullable Void> middle() {
    await(inner());
    return done();
  }

  private static CompletableFuture<@Nullable Void> inner() {
    await(Async.sleep(SHORT));
    throw new IllegalStateException("after an await");
  }

  private static void printOfVirtualThread() throws Exception {
    VirtualThreadPeer.startThread(
            () -> {
              try {
                Blocking.outer();
              } catch (IllegalStateException | InterruptedException e) {
                e.printStackTrace(System.out);
              }
            })
        .join();
  }

  /** The same for a thread that blocks. */
  private static final class Blocking {
    static void outer() throws InterruptedException {
      middle();
    }

    private static void middle() throws InterruptedException {
      inner();
    }

    private static void inner() throws InterruptedException {
      Thread.sleep(SHORT.toMillis());
      throw new IllegalStateException("after an await");
    }
  }
}
