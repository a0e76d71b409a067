package dev.weft.scheduler;

import dev.weft.scheduler.queue.LocalQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What is queued at a worker, and whether others may take it.
 *
 * <p>They may if a task has scheduled some of it, or if it is so much that it is worth a wake-up.
 * What I/O and timers have woken else is left to the worker that has woken it, by those who are
 * awake as well: most of it is going to send something, and the loop for that is there. An HTTP
 * server with short handlers and 64 connections, on two processors that its client keeps busy too,
 * took 18.4 us CPU per request where whoever searched took what there was, and 16.1 where nobody
 * did. What is so much is judged by the polls before, when the I/O is handled; so whatever is still
 * there after a while is offered, too, to those who are awake or are woken as the loop is late. A
 * worker that is stuck offers all it has.
 *
 * <p>Confined to the worker's thread, but for {@link #isOffered}.
 */
final class Backlog {
  /**
   * From how much work that waits after I/O another worker is woken for it. Measured: a wake-up
   * costs some 5 us on both sides; waking for every frame took 8.5 to 9.4 us CPU per message of an
   * echo server, waking from here on 7.9.
   */
  private static final double WORTH_WAKING_NANOS = 50_000;

  /**
   * What a frame costs more in all if another worker takes it: the way there, and back to the loop.
   * Measured, with the server above: 2 us for each request where every other frame was taken.
   */
  private static final double TAKING_NANOS = 4_000;

  /** From so much on it is to be shared, at any cost. Guessed. */
  private static final long MUCH_NANOS = 500_000;

  private static final VarHandle BATCH_START;

  static {
    try {
      BATCH_START = MethodHandles.lookup().findVarHandle(Backlog.class, "batchStart", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LocalQueue queue;
  private final Pace pace;
  private final SignsOfLife life;

  /**
   * Written by a worker that is awake and will see to all of it itself. So who reads what was so
   * before takes some too early or leaves it, and no more than help is lost: see {@link IdleSet}.
   */
  private volatile boolean offered;

  /** When what I/O and timers had queued was last looked at. */
  @SuppressWarnings("unused") // through BATCH_START
  private long batchStart;

  Backlog(LocalQueue queue, Pace pace, SignsOfLife life) {
    this.queue = queue;
    this.pace = pace;
    this.life = life;
  }

  /** Whether another worker may take some. From any thread. */
  boolean isOffered(long now) {
    return offered
        || life.isStuck()
        || now - (long) BATCH_START.getOpaque(this) > MUCH_NANOS; // or its worker sleeps, with none
  }

  void offer() {
    if (!offered) {
      offered = true;
    }
  }

  /** I/O and timers are about to queue something. */
  void beforeBatch() {
    if (offered && queue.isEmpty()) {
      offered = false;
    }
  }

  /** They have, and it is polled now. */
  void batchBegins(long now) {
    BATCH_START.setOpaque(this, now);
  }

  /** Offers it if it would keep the worker busy for a while; says whether it would. */
  boolean offerIfWorthIt() {
    int frames = queue.size();
    double nanos = pace.lastingNanos();
    boolean worth =
        frames * (nanos - TAKING_NANOS) > WORTH_WAKING_NANOS || frames * nanos > MUCH_NANOS;
    if (worth) {
      offer();
    }
    return worth;
  }
}
