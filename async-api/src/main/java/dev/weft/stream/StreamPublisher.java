package dev.weft.stream;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stream as a publisher, for one subscriber: it has one consumer. */
final class StreamPublisher<T> implements Flow.Publisher<T> {
  private final Chain chain;
  private final AtomicBoolean taken = new AtomicBoolean();

  StreamPublisher(Chain chain) {
    this.chain = chain;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscribe(null)");
    if (taken.compareAndSet(false, true)) {
      new Delivery<>(chain, subscriber).start();
      return;
    }
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {}

          @Override
          public void cancel() {}
        });
    subscriber.onError(
        new IllegalStateException("a stream has one consumer: this publisher has a subscriber"));
  }
}
