package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A socket that is being opened. If nobody wants it any more by the time it is open, it is closed.
 *
 * @param <T> {@link TcpStream} or {@link TcpListener}
 */
abstract class Opening<T> extends Task<T> {
  /** Opens the socket on the executor's loop, once the address is known. */
  final Task<T> start(AsyncExecutor executor, CompletableFuture<InetSocketAddress> address) {
    address
        .thenAccept(
            known -> {
              SocketDriver driver = SocketDriver.of(executor);
              driver.execute(() -> attempt(driver, known));
            })
        .whenComplete((started, error) -> failIf(error));
    return this;
  }

  /** Starts to open it; ends with {@link #deliver} or a failure. On the loop's thread. */
  abstract void open(SocketDriver driver, InetSocketAddress address);

  abstract void discard(T opened);

  final void deliver(T opened) {
    if (!complete(opened)) {
      discard(opened);
    }
  }

  private void attempt(SocketDriver driver, InetSocketAddress address) {
    if (isDone()) {
      return; // cancelled before it began
    }
    try {
      open(driver, address);
    } catch (Throwable error) { // no more file descriptors, for example
      completeExceptionally(SocketErrors.broken(SocketErrors.format(address), error));
    }
  }

  private void failIf(@Nullable Throwable error) {
    if (error != null) {
      completeExceptionally(
          error instanceof CompletionException && error.getCause() != null
              ? error.getCause()
              : error);
    }
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone(); // open, if it was first
  }

  @Override
  protected void onAbandoned() {
    if (!cancel(false) && !isCompletedExceptionally()) {
      discard(join());
    }
  }
}
