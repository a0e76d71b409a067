package dev.weft.sync;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.select.Selectable;
import dev.weft.stream.AsyncStream;
import org.jspecify.annotations.Nullable;

/**
 * The end of an {@link Mpsc} that messages come out at. One consumer at a time; which one, may
 * change.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> drain(MpscReceiver<String> words) {
 *   words.close();                       // no more of them
 *   int left = 0;
 *   while (await(words.receive()) != null) {
 *     left++;
 *   }
 *   return done(left);
 * }
 * }</pre>
 *
 * @param <T> the type of the messages
 */
public final class MpscReceiver<T> implements AutoCloseable {
  private final MpscCore<T> core;

  MpscReceiver(MpscCore<T> core) {
    this.core = core;
  }

  /**
   * Waits for the next message.
   *
   * @return a task that ends with it, or with null when the channel was closed and has nothing
   *     left; fails with {@link IllegalStateException} if another receive still waits. It is for
   *     one await, at once: it may be the same object as the one before, so a second await of it
   *     fails, or is one of the next message. Cancelling the method that awaits it takes nothing.
   */
  public Task<@Nullable T> receive() {
    return core.receive();
  }

  /** A message if one is there; null if not, and at the end. */
  public @Nullable T tryReceive() {
    return core.tryReceive();
  }

  /**
   * {@link #receive} as a branch of a select. If another one happens, no message was taken. At the
   * end it brings null, as receive does; a loop leaves the branch out from then on, or it would
   * turn for ever.
   */
  public Selectable<T> onReceive() {
    return core.onReceive();
  }

  /** How many messages are here. */
  public int size() {
    return core.size();
  }

  /** True if nothing can be sent any more: this or all senders were closed. */
  public boolean isClosed() {
    return core.isEnding();
  }

  /**
   * Refuses what is sent from now on, and who waits to send. What is here, and what permits that
   * are out still bring, can be received. A receive that waits gets null if that is nothing.
   */
  @Override
  public void close() {
    core.close();
  }

  /**
   * The messages as a stream. Closing the stream closes this receiver and forgets what is here:
   * nobody is going to fetch it.
   */
  public AsyncStream<T> stream() {
    return new AsyncStream<>() {
      @Override
      public Task<@Nullable T> next() {
        return core.receive();
      }

      @Override
      public Task<@Nullable Void> closeAsync() {
        core.drop();
        return Async.done();
      }
    };
  }
}
