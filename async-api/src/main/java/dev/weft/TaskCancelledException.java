package dev.weft;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at an await in a method that was itself cancelled: the task that it belongs to, a call
 * further out, or a time limit around it. If what is awaited was cancelled, and not who awaits it,
 * the await throws another {@link CancellationException}, so the two can be told apart. See {@link
 * Task#cancel} for when it comes.
 *
 * <p>Let it pass, after the clean-up. Whoever catches it and goes on is not told again.
 *
 * <pre>{@code
 * try {
 *   await(connection.update());
 * } catch (TaskCancelledException e) {
 *   await(connection.rollback()); // clean-up may await
 *   throw e;
 * }
 * }</pre>
 */
public final class TaskCancelledException extends CancellationException {
  private static final long serialVersionUID = 1;

  /** For Weft. */
  public TaskCancelledException(String message, @Nullable Throwable cause) {
    super(message);
    if (cause != null) {
      initCause(cause);
    }
  }
}
