package dev.weft.stream;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The elements of a publisher, to which it subscribes when the first one is asked for. */
final class PublisherIntake extends Intake {
  private final Flow.Publisher<?> publisher;
  private final Subscribing subscriber;
  private boolean subscribed;

  PublisherIntake(Flow.Publisher<?> publisher, int window) {
    this.publisher = publisher;
    this.subscriber = new Subscribing(window);
  }

  @Override
  @Nullable Object poll() throws Exception {
    if (!subscribed) {
      subscribed = true;
      subscribe(publisher);
    }
    Object element = subscriber.outlet.take();
    if (element != null && element != WAIT) {
      subscriber.taken();
    }
    return element;
  }

  @SuppressWarnings("unchecked") // a subscriber of anything
  private <T> void subscribe(Flow.Publisher<T> typed) {
    typed.subscribe((Flow.Subscriber<T>) (Flow.Subscriber<?>) subscriber);
  }

  @Override
  CompletableFuture<?> awaited() {
    return subscriber.outlet.change(1);
  }

  @Override
  Task<@Nullable Void> close() {
    subscriber.cancel();
    return READY;
  }
}
