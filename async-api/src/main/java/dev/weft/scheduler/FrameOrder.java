package dev.weft.scheduler;

import dev.weft.frame.Frame;
import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.FrameList;
import dev.weft.scheduler.queue.InjectionQueue;
import dev.weft.scheduler.queue.LocalQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which frame a worker polls next, of those that are its own or were scheduled from outside: see
 * the list in {@link Worker}. Confined to its thread, but for the queues.
 */
final class FrameOrder {
  /** Tokio's {@code MAX_LIFO_POLLS_PER_TICK}. */
  private static final int MAX_LIFO_POLLS = 3;

  private final LocalQueue queue;
  private final InjectionQueue injection;
  private final WorkerCounters counters;
  private final Pace pace;
  private final Backlog backlog;

  /** What has yielded. */
  private final FrameList deferred = new FrameList();

  /** Draws the next frame where the order is to be deterministic; else null. */
  private final @Nullable Lottery lottery;

  private int lifoPolls;
  private int pollsUntilInjected;

  FrameOrder(Worker worker, Crew crew, Pace pace) {
    this.queue = worker.queue;
    this.backlog = worker.backlog;
    this.counters = worker.counters;
    this.injection = crew.injection;
    this.lottery = crew.lottery;
    this.pace = pace;
  }

  /** The next frame; null if there is none but those that have yielded. */
  @Nullable Frame<?> next() {
    return lottery == null ? nextInTurn() : draw(lottery);
  }

  /** The next frame by lot, out of all that are ready. */
  private @Nullable Frame<?> draw(Lottery lots) {
    for (Frame<?> frame; (frame = queue.popLifo()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = queue.pop()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = deferred.poll()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = injection.poll()) != null; ) {
      counters.increment(WorkerCounters.INJECTED);
      lots.add(frame);
    }
    return lots.draw();
  }

  private @Nullable Frame<?> nextInTurn() {
    Frame<?> frame;
    if (--pollsUntilInjected < 0) {
      pollsUntilInjected = pace.injectionInterval() - 1;
      if ((frame = takeInjected()) != null) {
        return frame;
      }
    }
    if ((frame = queue.popLifo()) != null) {
      if (lifoPolls < MAX_LIFO_POLLS) {
        lifoPolls++;
        counters.increment(WorkerCounters.LIFO_POLLS);
        return frame;
      }
      // Two frames that wake each other must not keep the queue waiting. Nobody is woken for it: it
      // is first in an empty queue, or behind others for whom somebody was, or need not be.
      queue.push(frame);
      backlog.offer();
    }
    lifoPolls = 0;
    frame = queue.pop();
    return frame != null ? frame : takeInjected();
  }

  /**
   * Takes as many injected frames as the ring has room for, and one in any case. One at a time, as
   * in Tokio, would do while polls are short; but where each takes 10 us and queues the next, so
   * that the local queue is never empty, a thousand frames took 100 us each.
   */
  @Nullable Frame<?> takeInjected() {
    int room = Math.max(1, queue.capacity() - queue.size());
    Frame<?> first = injection.drainInto(queue, room, counters);
    if (first != null && !queue.isEmpty()) {
      backlog.offer(); // it was anybody's there
    }
    return first;
  }

  // ---- yielded frames

  void defer(Frame<?> frame) {
    deferred.add(frame);
  }

  boolean hasDeferred() {
    return !deferred.isEmpty();
  }

  /** Lets those that have yielded up to now go on, behind all that is queued. */
  void releaseDeferred() {
    int released = deferred.size();
    if (released > 1) {
      backlog.offer(); // tasks have put them off, and one is enough for this worker
    }
    for (int i = released; i > 0; i--) {
      Frame<?> frame = deferred.poll();
      if (frame != null) {
        queue.push(frame);
      }
    }
  }

  /** Gives away all that there is, when the worker ends. */
  void giveAway(Consumer<Frame<?>> taker) {
    Frame<?> lifo = queue.popLifo();
    if (lifo != null) {
      taker.accept(lifo);
    }
    for (Frame<?> frame; (frame = queue.pop()) != null; ) {
      taker.accept(frame);
    }
    for (Frame<?> frame; (frame = deferred.poll()) != null; ) {
      taker.accept(frame);
    }
    for (Frame<?> frame; lottery != null && (frame = lottery.draw()) != null; ) {
      taker.accept(frame);
    }
  }
}
