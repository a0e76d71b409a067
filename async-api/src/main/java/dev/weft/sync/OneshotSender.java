package dev.weft.sync;

import dev.weft.Task;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a {@link Oneshot} at which the message goes in. From any thread.
 *
 * <pre>{@code
 * static CompletableFuture<Void> answer(OneshotSender<Integer> question, int answer) {
 *   try (question) {                     // whoever asked does not wait for ever if this fails
 *     if (!question.isClosed()) {
 *       question.send(answer);
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * @param <T> the type of the message
 */
public final class OneshotSender<T> implements AutoCloseable {
  private final Oneshot.Core<T> core;

  OneshotSender(Oneshot.Core<T> core) {
    this.core = core;
  }

  /**
   * Sends the message. Never waits.
   *
   * @return false if the receiver was closed, and nobody will have it
   * @throws IllegalStateException if one was sent before, or this was closed
   */
  public boolean send(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    return core.send(message);
  }

  /** True if the receiver was closed. */
  public boolean isClosed() {
    return core.isReceiverClosed();
  }

  /** A task that ends when the receiver is closed. Cancelling it closes nothing. */
  public Task<@Nullable Void> closed() {
    return core.whenClosed();
  }

  /** Sends nothing, if nothing was sent: a receive fails with {@link ChannelClosedException}. */
  @Override
  public void close() {
    core.closeSender();
  }
}
