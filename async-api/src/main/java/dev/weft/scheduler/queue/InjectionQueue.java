package dev.weft.scheduler.queue;

import dev.weft.frame.Frame;
import dev.weft.scheduler.metrics.WorkerCounters;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frames that threads outside the executor have scheduled, for whichever worker comes first.
 * Unbounded, first in first out, and without allocation: the frames are linked through themselves.
 *
 * <p>Any thread may push; it costs one exchange and never waits. Workers take under a lock that
 * they only ever try, so that nobody waits there either: who finds it taken looks for work
 * elsewhere. It is D. Vyukov's intrusive multi-producer single-consumer queue ("Intrusive MPSC
 * node-based queue", 1024cores.net) with that lock as the single consumer.
 *
 * <pre>
 *   push:  previous = exchange(tail, frame);  previous.next = frame
 *   list:  head -&gt; ... -&gt; tail, or the stub alone
 * </pre>
 *
 * Between the two steps of a push the list is cut: a consumer sees the frames before the cut, then
 * nothing, although {@link #isEmpty} says false. It comes back; the pusher needs no more than to be
 * given a processor.
 */
public final class InjectionQueue {
  private static final VarHandle NEXT;
  private static final VarHandle TAIL;
  private static final VarHandle HEAD;
  private static final VarHandle TAKING;
  private static final VarHandle PUSHED;
  private static final VarHandle TAKEN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      NEXT = lookup.findVarHandle(Frame.class, "next", Frame.class);
      TAIL = lookup.findVarHandle(InjectionQueue.class, "tail", Frame.class);
      HEAD = lookup.findVarHandle(InjectionQueue.class, "head", Frame.class);
      PUSHED = lookup.findVarHandle(InjectionQueue.class, "pushed", long.class);
      TAKEN = lookup.findVarHandle(InjectionQueue.class, "taken", long.class);
      TAKING = lookup.findVarHandle(InjectionQueue.class, "taking", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Frame<?> stub = new Stub();

  /** The frame pushed last, or the stub. */
  @SuppressWarnings("unused") // through TAIL
  private volatile Frame<?> tail = stub;

  /** The frame to be taken next, or the stub before it. Written by who holds {@code taking}. */
  private Frame<?> head = stub;

  /** How many frames were ever pushed. Beside the tail, whose cache line a pusher has anyway. */
  @SuppressWarnings("unused") // through PUSHED
  private volatile long pushed;

  /** How many of them were taken. Written by who holds {@code taking}. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
  private volatile long taken;

  /** The consumer's lock. */
  @SuppressWarnings("unused") // through TAKING
  private volatile boolean taking;

  /**
   * Adds a frame at the end. The exchange is volatile: a pusher that looks for sleepers afterwards
   * sees every worker that had announced its sleep before it looked here.
   */
  public void push(Frame<?> frame) {
    frame.next = null;
    PUSHED.getAndAdd(this, 1L);
    link(frame);
  }

  private void link(Frame<?> frame) {
    Frame<?> previous = (Frame<?>) TAIL.getAndSet(this, frame);
    NEXT.setRelease(previous, frame);
  }

  /**
   * True if there is nothing to take. A frame whose push has returned is never overlooked, unless
   * it was taken.
   */
  public boolean isEmpty() {
    // The stub comes to the end only by a consumer that has moved head off it before, and head
    // comes
    // back to it only when all before it are taken. So: tail first, then head.
    return TAIL.getVolatile(this) == stub && HEAD.getAcquire(this) == stub;
  }

  /** How many frames wait; a moment old. */
  public long depth() {
    return Math.max(0, pushed - taken);
  }

  /** Takes the first frame; null if there is none or another thread is taking. */
  public @Nullable Frame<?> poll() {
    if (isEmpty() || !TAKING.compareAndSet(this, false, true)) {
      return null;
    }
    try {
      return take();
    } finally {
      TAKING.setRelease(this, false);
    }
  }

  /**
   * Takes up to {@code max} frames.
   *
   * @param queue the calling worker's, which gets all but the first
   * @return the first; null if there is none or another thread is taking
   */
  public @Nullable Frame<?> drainInto(LocalQueue queue, int max, WorkerCounters counters) {
    if (isEmpty() || !TAKING.compareAndSet(this, false, true)) {
      return null;
    }
    try {
      Frame<?> first = take();
      if (first != null) {
        Frame<?> frame;
        int taken = 1;
        for (; taken < max && (frame = take()) != null; taken++) {
          queue.push(frame);
        }
        counters.add(WorkerCounters.INJECTED, taken);
      }
      return first;
    } finally {
      TAKING.setRelease(this, false);
    }
  }

  /**
   * Hands every frame to the consumer, with those that come in while it does. If another thread is
   * at it, or the caller itself further up its stack, these take them instead.
   */
  public void drain(Consumer<Frame<?>> consumer) {
    while (!isEmpty() && TAKING.compareAndSet(this, false, true)) {
      try {
        Frame<?> frame;
        while ((frame = take()) != null) {
          consumer.accept(frame);
        }
      } finally {
        TAKING.setVolatile(this, false);
      }
      // A push that found the lock taken, after our last take and before the release, relies on us:
      // hence once more. The release is volatile and comes before the look.
    }
  }

  private @Nullable Frame<?> take() {
    Frame<?> first = head;
    Frame<?> second = (Frame<?>) NEXT.getAcquire(first);
    if (first == stub) {
      if (second == null) {
        return null;
      }
      HEAD.setRelease(this, second);
      first.next = null; // nobody else links behind the stub until we put it at the end again
      first = second;
      second = (Frame<?>) NEXT.getAcquire(first);
    }
    if (second == null) {
      if (TAIL.getAcquire(this) != first) {
        return null; // cut here by a push under way
      }
      link(stub);
      second = (Frame<?>) NEXT.getAcquire(first);
      if (second == null) {
        return null; // a push came between, and is under way
      }
    }
    HEAD.setRelease(this, second);
    first.next = null;
    TAKEN.setOpaque(this, taken + 1);
    return first;
  }

  /** The node that keeps the list from ever being empty. */
  private static final class Stub extends Frame<Void> {
    @Override
    protected @Nullable Object resume() {
      throw new IllegalStateException("the injection queue's stub was polled");
    }
  }
}
