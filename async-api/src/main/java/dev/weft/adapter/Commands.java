package dev.weft.adapter;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import dev.weft.frame.Ticks;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way through a foreign executor: each poll is a command of its own. What was given
 * to that executor and has not run yet is kept account of, because it may never run: the executor
 * may drop it, or its thread hang. {@link #reject} takes all of those back.
 *
 * <pre>
 *   QUEUED --run-----&gt; taken, by whatever thread the executor runs the command on
 *   QUEUED --reject--&gt; taken, and rejected; a command that comes after all does nothing
 * </pre>
 */
final class Commands {
  private final Executor executor;
  private final AsyncExecutor face;
  private final BiConsumer<Frame<?>, String> rejected;
  private final Set<Poll> queued = ConcurrentHashMap.newKeySet();

  /** The carrier of the last poll, for the next: with one thread there is never need of another. */
  private final AtomicReference<@Nullable ForeignCarrier> idle = new AtomicReference<>();

  /** What polls run, on which threads. */
  private final Map<Thread, Frame<?>> running = new ConcurrentHashMap<>();

  private volatile @Nullable String refusal;

  /**
   * None as yet.
   *
   * @param executor what runs them
   * @param face the executor that the frames know
   * @param rejected is given each that cannot run, with the reason
   */
  Commands(Executor executor, AsyncExecutor face, BiConsumer<Frame<?>, String> rejected) {
    Carrier.useForeign();
    this.executor = executor;
    this.face = face;
    this.rejected = rejected;
  }

  /** Has a frame polled. From any thread; does not throw. */
  void add(Frame<?> frame) {
    Poll poll = new Poll(frame);
    queued.add(poll);
    String reason = refusal;
    if (reason == null) {
      try {
        executor.execute(poll);
        return;
      } catch (Throwable error) { // RejectedExecutionException, but it is anybody's code
        reason = "the executor behind " + face + " does not accept work: " + error;
      }
    }
    if (poll.take()) {
      rejected.accept(frame, reason);
    }
  }

  /**
   * Rejects what is queued, and what comes from now on. Who adds a frame enters it and then looks
   * for the refusal; this writes that and then looks at what is entered.
   */
  void reject(String reason) {
    refusal = reason;
    for (Poll poll : queued) {
      if (poll.take()) {
        rejected.accept(poll.frame, reason);
      }
    }
  }

  /** Shows somebody which thread polls which frame. A moment old. */
  void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor) {
    running.forEach(visitor);
  }

  private final class Poll extends AtomicBoolean implements Runnable {
    private static final long serialVersionUID = 1;

    private final transient Frame<?> frame;

    Poll(Frame<?> frame) {
      this.frame = frame;
    }

    /** True for the one who is to see to the frame. */
    boolean take() {
      return compareAndSet(false, true) && queued.remove(this);
    }

    @Override
    public void run() {
      if (!take()) {
        return;
      }
      ForeignCarrier mine = idle.getAndSet(null);
      ForeignCarrier carrier = mine != null ? mine : new ForeignCarrier(face);
      Carrier outer = Carrier.carryForeign(carrier); // of a loop within a task, as a modal dialog's
      carrier.resetBudget();
      Ticks.refresh();
      Thread here = Thread.currentThread();
      Frame<?> outerFrame = running.put(here, frame);
      try {
        frame.run();
      } finally {
        if (outerFrame == null) {
          running.remove(here);
        } else {
          running.put(here, outerFrame);
        }
        carrier.forgetPolled();
        Carrier.carryForeign(outer);
        idle.set(carrier);
      }
    }
  }

  /** What a foreign thread is for the time of one poll. */
  private static final class ForeignCarrier extends Carrier {
    private final AsyncExecutor face;

    ForeignCarrier(AsyncExecutor face) {
      this.face = face;
    }

    @Override
    public AsyncExecutor executor() {
      return face;
    }

    /** Nobody can take this thread's place, and it is not known who needs it. */
    @Override
    public void beforeBlocking() {}
  }
}
