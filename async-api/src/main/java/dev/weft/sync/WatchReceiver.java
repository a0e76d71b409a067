package dev.weft.sync;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.select.Selectable;
import dev.weft.stream.AsyncStream;
import org.jspecify.annotations.Nullable;

/**
 * Who sees how the value of a {@link Watch} changes. One consumer at a time.
 *
 * <pre>{@code
 * static CompletableFuture<Void> untilFull(WatchReceiver<Integer> level) {
 *   Integer now = level.getAndMarkSeen();
 *   while (now != null && now < 100) {
 *     now = await(level.changed());
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * @param <T> the type of the value
 */
public final class WatchReceiver<T> implements AutoCloseable {
  private final Watch<T>.Subscription subscription;

  WatchReceiver(Watch<T>.Subscription subscription) {
    this.subscription = subscription;
  }

  /** The value, of which nothing is said by this whether it was seen. Tokio's {@code borrow}. */
  public T get() {
    return subscription.look(false);
  }

  /** The value, which counts as seen from now on. Tokio's {@code borrow_and_update}. */
  public T getAndMarkSeen() {
    return subscription.look(true);
  }

  /** True if there is a value that was not seen. */
  public boolean hasChanged() {
    return subscription.hasChanged();
  }

  /**
   * Waits for a value that was not seen. Tokio's has none and one looks for it afterwards, as a
   * reference to it is a lock there.
   *
   * @return a task that ends with the value, which counts as seen then; or with null when the watch
   *     was closed and the last one was seen, or this was closed; fails with {@link
   *     IllegalStateException} if another one still waits. It is for one await, at once: it may be
   *     the same object as the one before, so a second await of it fails, or is one of the next
   *     value. If the method that awaits it is cancelled, nothing was seen.
   */
  public Task<@Nullable T> changed() {
    return subscription.receive();
  }

  /** {@link #changed} as a branch of a select. If another one happens, nothing was seen. */
  public Selectable<T> onChanged() {
    return subscription.onReceive();
  }

  /** Is told of nothing more. What waits for a change gets null. */
  @Override
  public void close() {
    subscription.leave();
  }

  /** The values that {@link #changed} brings, as a stream. */
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
