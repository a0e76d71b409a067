package dev.weft.sync;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.select.Selectable;
import dev.weft.stream.AsyncStream;
import org.jspecify.annotations.Nullable;

/**
 * Who gets all messages of a {@link Broadcast} from its subscription on. One consumer at a time.
 *
 * <pre>{@code
 * static CompletableFuture<String> first(Broadcast<String> news) {
 *   try (BroadcastReceiver<String> mine = news.subscribe()) {
 *     return done(await(mine.receive()));
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the messages
 */
public final class BroadcastReceiver<T> implements AutoCloseable {
  private final Broadcast<T>.Subscription subscription;

  BroadcastReceiver(Broadcast<T>.Subscription subscription) {
    this.subscription = subscription;
  }

  /**
   * Waits for the next message.
   *
   * @return a task that ends with it, or with null when the channel was closed and has nothing
   *     left, or this was closed; fails with {@link LaggedException} if messages were missed, and
   *     with {@link IllegalStateException} if another receive still waits. It is for one await, at
   *     once: it may be the same object as the one before, so a second await of it fails, or is one
   *     of the next message. Cancelling the method that awaits it takes nothing.
   */
  public Task<@Nullable T> receive() {
    return subscription.receive();
  }

  /**
   * A message if one is there; null if not, and at the end.
   *
   * @throws LaggedException if messages were missed
   */
  public @Nullable T tryReceive() {
    return subscription.tryReceive();
  }

  /** {@link #receive} as a branch of a select. If another one happens, no message was taken. */
  public Selectable<T> onReceive() {
    return subscription.onReceive();
  }

  /** Gets nothing more. A receive that waits gets null. */
  @Override
  public void close() {
    subscription.leave();
  }

  /** The messages as a stream, which fails where messages were missed, and can go on after it. */
  public AsyncStream<T> stream() {
    return new AsyncStream<>() {
      @Override
      public Task<@Nullable T> next() {
        return subscription.receive();
      }

      @Override
      public Task<@Nullable Void> closeAsync() {
        subscription.leave();
        return Async.done();
      }
    };
  }
}
