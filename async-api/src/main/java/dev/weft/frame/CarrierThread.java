package dev.weft.frame;

/**
 * A thread that runs the tasks of one executor. An interface, because the worker threads of an
 * executor with sockets are Netty's fast thread-local threads, and those of one without are not.
 *
 * <pre>{@code
 * if (Thread.currentThread() instanceof CarrierThread worker) {
 *   System.err.println("runs tasks of " + worker.carrier().executor());
 * }
 * }</pre>
 */
public interface CarrierThread {
  /** What this thread runs tasks for now. */
  Carrier carrier();

  /**
   * Has it run tasks for another. Called by the executor, on the thread itself.
   *
   * @throws UnsupportedOperationException if it has one carrier for its whole life
   */
  default void carry(Carrier next) {
    throw new UnsupportedOperationException(this + " always runs tasks for " + carrier());
  }
}
