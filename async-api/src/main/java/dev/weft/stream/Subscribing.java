package dev.weft.stream;

import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes to a publisher for a stream, and has it send no more than a window ahead of the
 * consumer: all of that is asked for at the start, and half of it again whenever half was taken.
 */
final class Subscribing implements Flow.Subscriber<Object> {
  final Outlet<Object> outlet = new Outlet<>(Integer.MAX_VALUE);

  private final int window;

  /** Taken since more was asked for. By the consumer. */
  private int taken;

  // ---- guarded by this

  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  Subscribing(int window) {
    this.window = window;
  }

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    Objects.requireNonNull(offered, "onSubscribe(null)");
    boolean accepted;
    synchronized (this) {
      accepted = subscription == null && !closed;
      if (accepted) {
        subscription = offered;
      }
    }
    if (accepted) {
      offered.request(window);
    } else {
      offered.cancel();
    }
  }

  @Override
  public void onNext(Object element) {
    Objects.requireNonNull(element, "onNext(null)");
    if (outlet.size() >= window) {
      outlet.end(
          new IllegalStateException("the publisher has sent more elements than it was asked for"));
      cancel();
    } else if (!isClosed()) {
      outlet.put(element);
    }
  }

  @Override
  public void onError(Throwable error) {
    outlet.end(Objects.requireNonNull(error, "onError(null)"));
    end();
  }

  @Override
  public void onComplete() {
    outlet.end(null);
    end();
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized Flow.@Nullable Subscription end() {
    Flow.Subscription ended = subscription;
    subscription = null;
    closed = true;
    return ended;
  }

  /** The consumer has taken an element. */
  void taken() {
    if (++taken < (window + 1) / 2) {
      return;
    }
    int more = taken;
    taken = 0;
    Flow.Subscription open;
    synchronized (this) {
      open = subscription;
    }
    if (open != null) {
      open.request(more);
    }
  }

  /** No more is wanted. */
  void cancel() {
    Flow.Subscription ended = end();
    if (ended != null) {
      ended.cancel();
    }
  }
}
