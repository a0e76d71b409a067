package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Selectable;
import org.jspecify.annotations.Nullable;

/**
 * The end of a {@link Oneshot} at which the message comes out.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> waitFor(OneshotReceiver<Integer> answer) {
 *   try (answer) {
 *     return done(await(Async.timeout(Duration.ofSeconds(1), answer.receive())));
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the message
 */
public final class OneshotReceiver<T> implements AutoCloseable {
  private final Oneshot.Core<T> core;

  OneshotReceiver(Oneshot.Core<T> core) {
    this.core = core;
  }

  /**
   * Waits for the message.
   *
   * @return a task that ends with it, or with null if it was received before or this was closed;
   *     fails with {@link ChannelClosedException} if the sender was closed without one, and with
   *     {@link IllegalStateException} if another receive still waits. It is for one await, at once:
   *     a second one may fail with {@link IllegalStateException}
   */
  public Task<@Nullable T> receive() {
    return core.receive();
  }

  /**
   * The message if it is there; null if not.
   *
   * @throws ChannelClosedException if the sender was closed without one
   */
  public @Nullable T tryReceive() {
    return core.tryReceive();
  }

  /**
   * {@link #receive} as a branch of a select. If another one happens, the message is still here.
   */
  public Selectable<T> onReceive() {
    return core.onReceive();
  }

  /** Says that the message is not wanted any more. One that is here can still be received. */
  @Override
  public void close() {
    core.closeReceiver();
  }
}
