package dev.weft.scheduler.io;

import dev.weft.IoDriver;
import dev.weft.frame.Carrier;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * An I/O loop that workers run: the place of Tokio's I/O driver. The worker that holds it polls it
 * between tasks, and blocks in it where other workers park.
 *
 * <p>{@link #poll}, {@link #park} and {@link #close} are called by one thread at a time, the one
 * that is inside the driver's {@link DriverSeat}; which thread that is may change from call to call
 * if the provider says that it {@linkplain Provider#isTransferable may}. The rest by any thread.
 */
public interface Driver {
  /**
   * Handles the I/O that is ready, without blocking. May schedule frames; returns how much it did.
   */
  int poll();

  /**
   * Blocks until there is I/O to handle, {@link #unpark} is called or the time is over, and handles
   * what is ready.
   *
   * @param nanos how long to block at most; {@link Long#MAX_VALUE} for no limit
   * @return how much I/O was handled
   */
  int park(long nanos);

  /**
   * Makes the current or else the next {@link #park} return at once. Called from any thread, also
   * after {@link #close}.
   */
  void unpark();

  /** True while a socket is open: what keeps an event loop alive. Called from inside. */
  default boolean hasSockets() {
    return false;
  }

  /**
   * True if there is no I/O for which it would have to be polled: no socket, no timer, and nothing
   * queued. From any thread, and a moment old.
   */
  default boolean isUnused() {
    return false;
  }

  /** Closes every socket and releases the driver. The last call from inside. */
  void close();

  /**
   * For how many nanoseconds this driver has handled I/O, not counting what it waited for it.
   * Called by who is inside; 0 if the driver does not measure it, and then no further driver is
   * ever opened for its load.
   */
  default long activeNanos() {
    return 0;
  }

  /**
   * The I/O framework's own view of all drivers of this executor, for code that is written for that
   * framework: with Netty, an {@code IoEventLoopGroup}.
   *
   * @throws UnsupportedOperationException if it has none
   */
  default ScheduledExecutorService eventLoopGroup() {
    throw new UnsupportedOperationException("The driver " + this + " has no event loop group");
  }

  /** Opens drivers of one kind, and makes threads that suit them. */
  interface Provider extends IoDriver {
    /**
     * A daemon thread for a worker, not started; it must be a {@link dev.weft.frame.CarrierThread}.
     */
    Thread newThread(Runnable run, String name, Carrier carrier);

    /** Opens a driver that the calling thread alone will ever run. */
    Driver open();

    /**
     * Opens a driver whose sockets may be touched by who is inside the seat. Called on a worker's
     * thread that is inside.
     */
    default Driver open(DriverSeat seat) {
      return open();
    }

    /** Whether different threads may run the driver, one after the other. */
    default boolean isTransferable() {
      return false;
    }

    /**
     * Why drivers of this kind cannot be opened here, in a sentence; null if they can. An executor
     * that was not told what to use does without a provider that gives a reason.
     */
    default @Nullable String unavailabilityReason() {
      return null;
    }
  }
}
