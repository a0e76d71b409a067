package dev.weft.net;

import dev.weft.Task;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Netty's futures, to be awaited.
 *
 * <pre>{@code
 * static CompletableFuture<Channel> connect(Bootstrap bootstrap, String host, int port) {
 *   ChannelFuture connecting = bootstrap.connect(host, port);
 *   await(NettyFutures.task(connecting));
 *   return done(connecting.channel());
 * }
 * }</pre>
 */
public final class NettyFutures {
  private NettyFutures() {}

  /**
   * The same outcome as a task: for {@code await}, and for whatever takes a {@code
   * CompletableFuture}.
   *
   * @param future also a {@code ChannelFuture}; not one of {@code voidPromise()}, which never
   *     completes
   * @return ends when the future does, inside its event loop. Cancelling it cancels the future, and
   *     a cancelled await ends when that has: at once if it can be cancelled, else with its outcome
   */
  public static <T extends @Nullable Object> Task<T> task(Future<T> future) {
    if (future instanceof io.netty.channel.ChannelFuture channel && channel.isVoid()) {
      throw new IllegalArgumentException("A void promise never completes; use newPromise()");
    }
    OfNetty<T> task = new OfNetty<>(future);
    future.addListener(task::end);
    return task;
  }

  private static final class OfNetty<T extends @Nullable Object> extends Task<T> {
    private final Future<T> future;

    OfNetty(Future<T> future) {
      this.future = future;
    }

    void end(Future<? super T> ended) {
      if (future.isSuccess()) {
        complete(future.getNow());
      } else if (future.isCancelled()) {
        super.cancel(false);
      } else {
        Throwable cause = future.cause();
        completeExceptionally(cause == null ? new CancellationException() : cause);
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      future.cancel(mayInterruptIfRunning); // which ends this, if nobody is faster
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    protected boolean stop() {
      future.cancel(false);
      return true; // it ends when that has, with its outcome if it could not be cancelled
    }
  }
}
