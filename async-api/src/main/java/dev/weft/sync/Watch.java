package dev.weft.sync;

import dev.weft.select.Claim;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value of which only the latest matters, and who wants to know when it changes: a configuration,
 * a state. What was there in between is not kept for those who are slow. Tokio's {@code watch}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> follow(Watch<Integer> level) {
 *   try (WatchReceiver<Integer> changes = level.subscribe()) {
 *     System.out.println("at first " + changes.get());
 *     for (Integer now; (now = await(changes.changed())) != null; ) {
 *       System.out.println("now " + now);
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <p>This object is the sender, for any number of tasks; it is closed once. The value is not null.
 * From any thread.
 *
 * @param <T> the type of the value
 */
public final class Watch<T> implements AutoCloseable {
  private final Object lock = new Object();
  private T value;

  /** How often the value was sent. */
  private long version;

  private final Audience waiting = new Audience(lock);

  private boolean closed;

  /** A watch with a value that counts as seen by everybody. */
  public Watch(T initial) {
    value = Objects.requireNonNull(initial, "the value must not be null");
  }

  /** The value. */
  public T get() {
    synchronized (lock) {
      return value;
    }
  }

  /**
   * Puts another value in the place of this one, also where nobody has subscribed. Never waits.
   *
   * @return the value of before
   * @throws ChannelClosedException if this was closed
   */
  public T send(T next) {
    Objects.requireNonNull(next, "the value must not be null");
    return update(before -> next);
  }

  /**
   * Puts what a function makes of the value in its place. The function is called under a lock, and
   * has to be short; if it returns the same object, nothing has changed.
   *
   * @return the value of before
   * @throws ChannelClosedException if this was closed
   */
  public T update(UnaryOperator<T> change) {
    T before;
    int woken;
    synchronized (lock) {
      if (closed) {
        throw new ChannelClosedException("the watch was closed");
      }
      before = value;
      T next = Objects.requireNonNull(change.apply(before), "the value must not be null");
      if (next == before) {
        return before;
      }
      value = next;
      version++;
      woken = waiting.size();
    }
    waiting.wake(woken);
    return before;
  }

  /** How many subscriptions a change is looked through for. */
  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  /** Who is to be told of changes from now on; the value of now counts as seen. */
  public WatchReceiver<T> subscribe() {
    synchronized (lock) {
      return new WatchReceiver<>(new Subscription(version));
    }
  }

  /** No more changes: receivers get the last one, if they have not, and then null. */
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
    private long seen;
    private boolean left;

    Subscription(long seen) {
      super(Watch.this.lock);
      this.seen = seen;
    }

    @Override
    @Nullable T poll(@Nullable Claim claim) {
      if (left || seen == version) {
        return null;
      }
      seen = version;
      return value;
    }

    /** {@inheritDoc} It is not seen yet. If there is a later one by now, that is what comes. */
    @Override
    void putBack(T unseen) {
      seen = Math.min(seen, version - 1);
    }

    @Override
    boolean isAtEnd() {
      return left || closed;
    }

    @Override
    void onWaiting() {
      waiting.add(this);
    }

    T look(boolean markSeen) {
      synchronized (lock) {
        if (markSeen) {
          seen = version;
        }
        return value;
      }
    }

    boolean hasChanged() {
      synchronized (lock) {
        return !left && seen != version;
      }
    }

    void leave() {
      synchronized (lock) {
        left = true;
        waiting.remove(this);
      }
      deliver();
    }
  }
}
