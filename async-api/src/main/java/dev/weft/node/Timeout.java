package dev.weft.node;

/**
 * What {@code setTimeout} and {@code setInterval} return. All methods are for the loop's thread,
 * and throw {@link IllegalStateException} elsewhere.
 *
 * <pre>{@code
 * Timeout idle = node.setTimeout(socket::close, 30_000);
 * node.setInterval(idle::refresh, 1_000); // as long as this comes, the socket stays
 * idle.unref(); // and the program may end before
 * }</pre>
 */
public interface Timeout {
  /** Lets the timer keep the loop alive, which it does from the start. */
  Timeout ref();

  /** Lets the loop end although this timer has not fired. */
  Timeout unref();

  /** Whether it keeps the loop alive. */
  boolean hasRef();

  /** Starts the timer anew with its duration, also after it has fired. A cleared one stays so. */
  Timeout refresh();

  /** Sees to it that the callback does not run any more. Does nothing the second time. */
  void clear();
}
