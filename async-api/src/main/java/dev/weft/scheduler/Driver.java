package dev.weft.scheduler;

import dev.weft.frame.Carrier;

/**
 * Where a worker waits for I/O: the place of Tokio's I/O driver. An executor has at most one; the
 * worker that owns it polls it between tasks and blocks in it where other workers park.
 *
 * <p>All methods are called by the owning worker's thread, except {@link #unpark}.
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

  /** Closes every socket and releases the driver. The last call on the owning thread. */
  void close();

  /** Opens drivers of one kind, and makes threads that suit them. */
  interface Provider {
    /**
     * A daemon thread for a worker, not started; it must be a {@link dev.weft.frame.CarrierThread}.
     */
    Thread newThread(Runnable run, String name, Carrier carrier);

    /** Opens a driver. Called on the thread that will own it. */
    Driver open();

    /** What it waits with, for people: {@code epoll}, {@code io_uring}, {@code nio}. */
    String name();
  }
}
