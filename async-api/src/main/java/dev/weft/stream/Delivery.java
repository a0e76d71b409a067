package dev.weft.stream;

import dev.weft.Task;
import dev.weft.log.LimitedLog;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The subscription of a stream's one subscriber: a task of its own asks for an element when the
 * subscriber has asked for one, and delivers it. The end is signalled when the task has ended and
 * the stream is closed, so nothing runs beside it.
 */
final class Delivery<T> extends Sink implements Flow.Subscription {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(AsyncStream.class));

  private final Chain chain;

  // ---- guarded by this

  /** Null when there is nothing more to be signalled. */
  private Flow.@Nullable Subscriber<? super T> subscriber;

  private long demand;
  private @Nullable Signal demanded;
  private @Nullable Task<?> task;

  /** What the stream has failed with, or the subscriber has done wrong. */
  private @Nullable Throwable failure;

  Delivery(Chain chain, Flow.Subscriber<? super T> subscriber) {
    this.chain = chain;
    this.subscriber = subscriber;
  }

  void start() {
    Flow.Subscriber<? super T> told = current();
    if (told == null) {
      return;
    }
    try {
      told.onSubscribe(this);
    } catch (Throwable error) {
      threw(told, error);
    }
    if (!isWanted()) {
      close();
      return;
    }
    Task<?> started = Children.spawn("toPublisher", chain, this);
    synchronized (this) {
      task = started;
    }
    started.whenComplete((nothing, error) -> note(error));
    started.finished().whenComplete((nothing, never) -> close());
    if (!isWanted()) {
      started.cancel(true);
    }
  }

  private synchronized Flow.@Nullable Subscriber<? super T> current() {
    return subscriber;
  }

  private synchronized boolean isWanted() {
    return subscriber != null && failure == null;
  }

  private synchronized void note(@Nullable Throwable error) {
    if (failure == null) {
      failure = error;
    }
  }

  private void close() {
    chain.closeAsync().whenComplete((nothing, error) -> end(error));
  }

  private void end(@Nullable Throwable closing) {
    note(closing);
    Flow.Subscriber<? super T> told;
    Throwable error;
    synchronized (this) {
      told = subscriber;
      subscriber = null;
      error = failure;
    }
    if (told == null) {
      return;
    }
    try {
      if (error == null) {
        told.onComplete();
      } else {
        told.onError(error);
      }
    } catch (Throwable thrown) {
      threw(told, thrown);
    }
  }

  /** By the rules of Reactive Streams (2.13) that is as if it had cancelled. */
  private void threw(Flow.Subscriber<? super T> told, Throwable error) {
    LOG.log(
        Level.WARN,
        told.getClass().getName(),
        "a Flow.Subscriber has thrown, and gets nothing more",
        error);
    cancel();
  }

  // ---- what the subscriber calls

  @Override
  public void request(long count) {
    Signal waiting = null;
    Task<?> stopped = null;
    synchronized (this) {
      if (subscriber == null) {
        return;
      }
      if (count <= 0) {
        note(
            new IllegalArgumentException(
                "request(" + count + "): a subscriber asks for one element or more (rule 3.9)"));
        stopped = task;
      } else {
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        waiting = demanded;
        demanded = null;
      }
    }
    Signal.giveIfAny(waiting);
    if (stopped != null) {
      stopped.cancel(true);
    }
  }

  @Override
  public void cancel() {
    Task<?> stopped;
    synchronized (this) {
      subscriber = null;
      stopped = task;
    }
    if (stopped != null) {
      stopped.cancel(true);
    }
  }

  // ---- the task

  @Override
  synchronized @Nullable CompletionStage<?> begin() {
    if (demand > 0) {
      return null;
    }
    Signal waiting = new Signal();
    demanded = waiting;
    return waiting;
  }

  @Override
  @SuppressWarnings("unchecked") // an element of the chain
  @Nullable CompletionStage<?> accept(Object element) {
    Flow.Subscriber<? super T> told;
    synchronized (this) {
      told = failure == null ? subscriber : null;
      demand -= demand == Long.MAX_VALUE ? 0 : 1; // that is without bound (rule 3.17)
    }
    if (told != null) {
      try {
        told.onNext((T) element);
      } catch (Throwable error) {
        threw(told, error);
      }
    }
    return begin();
  }

  @Override
  synchronized boolean isFull() {
    return subscriber == null || failure != null;
  }
}
