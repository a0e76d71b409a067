package dev.weft.net.loop;

import dev.weft.net.poll.Turns;
import io.netty.channel.IoHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a loop ends: what is queued is run, what has happened on connections is handled, every
 * channel is closed, and the kernel has ended what it was doing for them before the handler is
 * destroyed; again, as long as one of that queues something. From inside.
 */
final class LoopEnd {
  private static final Logger log = LoggerFactory.getLogger(LoopEnd.class);

  /** For how long at most a loop that is closed waits for its channels. Guessed. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two looks, where the handler does not wait. */
  private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final WorkerEventLoop loop;
  private final IoHandler handler;
  private final Turns turns;
  private final LoopChannels channels;
  private final PollContext.Draining draining;

  /**
   * Ends nothing yet.
   *
   * @param quietNanos see {@link dev.weft.net.poll.Backend#quietNanos}
   */
  LoopEnd(
      WorkerEventLoop loop,
      IoHandler handler,
      Turns turns,
      LoopChannels channels,
      long quietNanos) {
    this.loop = loop;
    this.handler = handler;
    this.turns = turns;
    this.channels = channels;
    this.draining = new PollContext.Draining(loop, quietNanos);
  }

  /** Closes every channel and runs what that queues. */
  void closeChannels() {
    do {
      loop.runTasks();
      turns.runAll();
      channels.close();
      if (!draining.canBlock()) {
        handler.prepareToDestroy(); // closes what is not a channel
      }
      loop.cancelTimers();
      drain();
    } while (loop.runTasks() > 0);
    loop.cancelTimers();
  }

  /**
   * Waits for the kernel to end what it was doing for the channels that were closed.
   *
   * <p>Netty 4.2.18 does not with io_uring. Its {@code prepareToDestroy} queues an operation that
   * waits for all others, and {@code destroy} then waits for one completion, whichever. What is
   * queued behind the first may not have begun by then: the read of the wake-up event, and the
   * request to cancel it. It comes to pass when the buffer is free again: 8 bytes went into memory
   * that was in use, and {@code malloc} ended the process (within a minute, with a hundred
   * executors closed each second). Netty's own loops go on for two seconds before they end. Here
   * {@code destroy} finds nothing under way but that read.
   */
  private void drain() {
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (true) {
      int done = handler.run(draining) + loop.runTasks();
      if ((done == 0 && channels.areClosed()) || System.nanoTime() >= deadline) {
        return;
      }
      if (done == 0 && !draining.canBlock()) {
        LockSupport.parkNanos(DRAIN_LOOK_NANOS); // a channel with SO_LINGER is closed elsewhere
      }
    }
  }

  /** Releases the handler. */
  void destroyHandler() {
    try {
      handler.destroy();
    } catch (Throwable error) {
      log.error("The I/O handler of a loop could not be destroyed", error);
    }
  }
}
