package dev.weft.sync;

import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.select.Selectable;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An end of an {@link Mpsc} that messages are put in at. From any thread, by any number of tasks.
 *
 * <pre>{@code
 * static CompletableFuture<Void> report(MpscSender<String> lines, String name) {
 *   try (MpscSender<String> mine = lines.copy()) {
 *     await(mine.send(name + " begins"));
 *     if (!mine.trySend(name + " goes on")) {
 *       await(Async.sleep(Duration.ofMillis(10))); // there was no room, and it does not matter
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * @param <T> the type of the messages
 */
public final class MpscSender<T> implements AutoCloseable {
  private final MpscCore<T> core;
  private final AtomicBoolean closed = new AtomicBoolean();

  MpscSender(MpscCore<T> core) {
    this.core = core;
  }

  /**
   * Sends a message, and waits while there is no room for it.
   *
   * @return a task that ends when the message is in the channel (of a rendezvous: was received);
   *     fails with {@link ChannelClosedException} if the receiver or this sender was closed, and
   *     the message was not sent then. Cancelling it, or the method that awaits it, while it waits
   *     takes the message back. One that found room is the same object for all; as there is nothing
   *     in it, it may be awaited more than once, as any task may.
   */
  public Task<@Nullable Void> send(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    return closed.get() ? Settled.failure(ended()) : core.send(message);
  }

  /**
   * Sends a message if that need not wait.
   *
   * @return false if there is no room, or others wait for some; the message was not sent then
   * @throws ChannelClosedException if the receiver or this sender was closed
   */
  public boolean trySend(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    refuseIfClosed();
    return core.trySend(message);
  }

  /** {@link #send} as a branch of a select. If another one happens the message was not sent. */
  public Selectable<@Nullable Void> onSend(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    refuseIfClosed();
    return core.onSend(message);
  }

  /**
   * Waits for room, before there is a message.
   *
   * @return a task that ends with a permit to send one message, which is to be used or closed;
   *     fails with {@link ChannelClosedException} if the receiver or this sender was closed. If the
   *     permit reaches nobody it is given back.
   * @throws UnsupportedOperationException if this is a rendezvous
   */
  public Task<MpscPermit<T>> reserve() {
    return closed.get() ? Settled.failure(ended()) : core.reserve();
  }

  /**
   * A permit if there is room; null if not.
   *
   * @throws ChannelClosedException if the receiver or this sender was closed
   */
  public @Nullable MpscPermit<T> tryReserve() {
    refuseIfClosed();
    return core.tryReserve();
  }

  /** How many messages could be sent now without waiting; 0 of a rendezvous. */
  public int capacity() {
    return core.freePlaces();
  }

  /** True if the receiver was closed, or this sender: what is sent is refused. */
  public boolean isClosed() {
    return closed.get() || core.isClosed();
  }

  /**
   * A task that ends when the receiver is closed, for who makes messages that nobody wants then.
   * Cancelling it closes nothing.
   */
  public Task<@Nullable Void> closed() {
    return core.whenClosed();
  }

  /**
   * Another sender of the same channel, to be closed on its own. Tokio's {@code clone}.
   *
   * @throws ChannelClosedException if this one was closed: the channel may have ended with it
   */
  public MpscSender<T> copy() {
    synchronized (closed) {
      refuseIfClosed();
      core.addSender();
    }
    return new MpscSender<>(core);
  }

  /**
   * Closes this sender; the last one that is closed ends the channel. Sends that wait still happen.
   * Does nothing the second time.
   */
  @Override
  public void close() {
    boolean now;
    synchronized (closed) {
      now = closed.compareAndSet(false, true);
    }
    if (now) {
      core.removeSender();
    }
  }

  private void refuseIfClosed() {
    if (closed.get()) {
      throw ended();
    }
  }

  private static ChannelClosedException ended() {
    return new ChannelClosedException("this sender was closed");
  }
}
