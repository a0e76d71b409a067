package dev.weft.sync;

import dev.weft.select.Claim;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel of which each receiver gets every message that is sent from its subscription on. It
 * keeps the last so many; a receiver that falls further behind gets a {@link LaggedException} that
 * says how many it has missed, once, and goes on with the oldest one that is there. So one that is
 * slow holds up nobody. Tokio's {@code broadcast}.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> sum(Broadcast<Integer> numbers) {
 *   int sum = 0;
 *   try (BroadcastReceiver<Integer> mine = numbers.subscribe()) {
 *     for (Integer n; (n = await(mine.receive())) != null; ) {
 *       sum += n;
 *     }
 *   }
 *   return done(sum);                    // when the channel was closed
 * }
 * }</pre>
 *
 * <p>This object is the sender, for any number of tasks; it is closed once. Messages are not null;
 * the last ones stay in memory until others take their place. From any thread.
 *
 * @param <T> the type of the messages
 */
public final class Broadcast<T> implements AutoCloseable {
  private final Object lock = new Object();
  private final @Nullable Object[] ring;

  /** The number of the next message. */
  private long tail;

  private final Audience waiting = new Audience(lock);

  private int receivers;
  private boolean closed;

  /**
   * A channel that keeps so many messages.
   *
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public Broadcast(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "the capacity is " + capacity + ", and has to be 1 or more");
    }
    ring = new Object[capacity];
  }

  /**
   * Sends a message to those who have subscribed. Never waits.
   *
   * @return how many they are; of 0 nobody will have the message
   * @throws ChannelClosedException if this was closed
   */
  public int send(T message) {
    Objects.requireNonNull(message, "a message must not be null");
    int to;
    int woken;
    synchronized (lock) {
      if (closed) {
        throw new ChannelClosedException("the channel was closed");
      }
      ring[(int) (tail++ % ring.length)] = message;
      to = receivers;
      woken = waiting.size();
    }
    waiting.wake(woken);
    return to;
  }

  /** A receiver of what is sent from now on. Of a channel that was closed it gets null. */
  public BroadcastReceiver<T> subscribe() {
    synchronized (lock) {
      receivers++;
      return new BroadcastReceiver<>(new Subscription(tail));
    }
  }

  /** How many receivers are not closed. */
  public int receivers() {
    synchronized (lock) {
      return receivers;
    }
  }

  /** No more messages: receivers get what is here, and then null. */
  @Override
  public void close() {
    int woken;
    synchronized (lock) {
      closed = true;
      woken = waiting.size();
    }
    waiting.wake(woken);
  }

  /** What stands behind a receiver; see {@link Inlet}. */
  final class Subscription extends Inlet<T> {
    private long next;
    private boolean left;

    Subscription(long next) {
      super(Broadcast.this.lock);
      this.next = next;
    }

    private long missed() {
      return Math.max(0, tail - ring.length - next);
    }

    @Override
    @SuppressWarnings("unchecked")
    @Nullable T poll(@Nullable Claim claim) {
      return left || next == tail ? null : (T) ring[(int) (next++ % ring.length)];
    }

    @Override
    boolean isAtEnd() {
      return left || closed;
    }

    @Override
    @Nullable RuntimeException failure() {
      return returned() > 0 || left || missed() == 0 ? null : new LaggedException(missed());
    }

    @Override
    void onFailureTaken() {
      next += missed();
    }

    @Override
    void onWaiting() {
      waiting.add(this);
    }

    void leave() {
      synchronized (lock) {
        if (left) {
          return;
        }
        left = true;
        waiting.remove(this);
        receivers--;
        dropReturned();
      }
      deliver();
    }
  }
}
