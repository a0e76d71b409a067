package dev.weft;

/**
 * Thrown at an await in a method whose executor has been halted: it was closed, and its patience
 * with what did not end is over. An {@link Error}, because it has to get past the {@code catch
 * (Exception)} of a method that has swallowed its cancellation; {@code finally} blocks run, and
 * their awaits throw it again. For the futures of such methods it becomes a {@link
 * java.util.concurrent.RejectedExecutionException}.
 *
 * <pre>{@code
 * try {
 *   await(connection.update());
 * } catch (HaltedError halted) {
 *   connection.abandon(); // without an await: that would throw the error again
 *   throw halted;
 * }
 * }</pre>
 */
public final class HaltedError extends Error {
  private static final long serialVersionUID = 1;

  /** For Weft. */
  public HaltedError(String reason) {
    super(reason);
  }
}
