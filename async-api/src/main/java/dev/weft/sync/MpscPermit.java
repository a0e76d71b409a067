package dev.weft.sync;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Room for one message in an {@link Mpsc}: whoever has it sends without waiting. So a message need
 * not be made, or taken out of somewhere else, before it is known that there is room for it.
 *
 * <pre>{@code
 * static CompletableFuture<Void> forward(MpscReceiver<String> from, MpscSender<String> to) {
 *   while (true) {
 *     try (MpscPermit<String> permit = await(to.reserve())) {
 *       String word = await(from.receive());
 *       if (word == null) {
 *         return done();      // the permit goes back
 *       }
 *       permit.send(word);
 *     }
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the messages
 */
public final class MpscPermit<T> implements AutoCloseable {
  private final MpscCore<T> core;
  private final AtomicBoolean used = new AtomicBoolean();

  MpscPermit(MpscCore<T> core) {
    this.core = core;
  }

  /**
   * Sends the message. Also when the receiver was closed meanwhile: it gets what permits bring, and
   * its end is after that.
   *
   * @throws IllegalStateException if the permit was used or closed before
   */
  public void send(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    if (!used.compareAndSet(false, true)) {
      throw new IllegalStateException("the permit was used or given back before");
    }
    core.sendReserved(message);
  }

  /** Gives the room back if it was not used. */
  @Override
  public void close() {
    if (used.compareAndSet(false, true)) {
      core.giveBackPermit();
    }
  }
}
