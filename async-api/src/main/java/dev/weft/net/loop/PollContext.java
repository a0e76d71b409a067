package dev.weft.net.loop;

import io.netty.channel.IoHandlerContext;

/**
 * What Netty's I/O handler asks while it polls for a {@link WorkerEventLoop}: whether it may wait,
 * and for how long. It says in return how long it has handled I/O.
 */
abstract class PollContext implements IoHandlerContext {
  final WorkerEventLoop loop;

  private PollContext(WorkerEventLoop loop) {
    this.loop = loop;
  }

  @Override
  public final boolean shouldReportActiveIoTime() {
    return true;
  }

  @Override
  public final void reportActiveIoTime(long nanos) {
    loop.addActiveNanos(nanos);
  }

  /** Takes what there is. */
  static final class NotWaiting extends PollContext {
    NotWaiting(WorkerEventLoop loop) {
      super(loop);
    }

    @Override
    public boolean canBlock() {
      return false;
    }

    @Override
    public long delayNanos(long now) {
      return 0;
    }

    @Override
    public long deadlineNanos() {
      return -1;
    }
  }

  /** Waits for I/O, a time limit, what is due in the loop, or a wake-up. */
  static final class Waiting extends PollContext {
    private long limit = Long.MAX_VALUE;
    private volatile boolean woken;

    Waiting(WorkerEventLoop loop) {
      super(loop);
    }

    /** For how long at most; {@code Long.MAX_VALUE} for no limit. Before the handler is run. */
    void limit(long nanos) {
      limit = nanos;
    }

    /** Ends the current wait, or else the next one. From any thread; wakes nobody by itself. */
    void wakeUp() {
      woken = true;
    }

    /** The wait is over; a wake-up that came up to now has done its work. */
    void end() {
      woken = false;
    }

    /** Asked again after the handler has published that it is about to block. */
    @Override
    public boolean canBlock() {
      return !woken && loop.hasNothingToRun();
    }

    @Override
    public long delayNanos(long now) {
      return Math.min(limit, loop.untilDue(now, limit));
    }

    @Override
    public long deadlineNanos() {
      long next = loop.nextDue();
      if (limit == Long.MAX_VALUE) {
        return next;
      }
      long now = loop.ticker().nanoTime();
      return next == -1 || next - now > limit ? now + limit : next;
    }
  }

  /** For the end: waits for what the kernel reports, whatever is queued. */
  static final class Draining extends PollContext {
    private final long nanos;

    Draining(WorkerEventLoop loop, long nanos) {
      super(loop);
      this.nanos = nanos;
    }

    @Override
    public boolean canBlock() {
      return nanos > 0;
    }

    @Override
    public long delayNanos(long now) {
      return nanos;
    }

    @Override
    public long deadlineNanos() {
      return loop.ticker().nanoTime() + nanos;
    }
  }
}
