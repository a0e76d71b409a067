package dev.weft.scheduler.task;

import java.util.concurrent.CompletionException;

/**
 * What an {@link OwnedTask} holds while nobody has looked at its failure: the exception in the
 * {@link CompletionException} that {@code CompletableFuture} would wrap it in for a dependent, and
 * which knows when it is looked into.
 *
 * <p>It is there for {@code CompletableFuture.allOf} and {@code anyOf}. They read the field of a
 * task that has failed already, past everything that the task could override, and hand on a {@code
 * CompletionException} as it is. So this one comes out at the other end, and whoever asks it for
 * its cause, message or stack trace has heard of the failure. Everybody else asks the task, which
 * puts the exception itself in place of this first. (A stage that {@code thenApply} and some others
 * derive from a failed task may keep it: they read the result before they let the task know. It
 * does no harm there.)
 *
 * <p>But for its class it is a {@code CompletionException}, in print and when serialized too.
 */
final class UnheardException extends CompletionException {
  private static final long serialVersionUID = 1;

  private final transient UnheardFailures.Failure failure;

  UnheardException(UnheardFailures.Failure failure) {
    super(null, failure.error); // the message when it is asked for: it is the exception's own code
    this.failure = failure;
  }

  UnheardFailures.Failure failure() {
    return failure;
  }

  @Override
  public String getMessage() {
    failure.heard();
    return failure.error.toString();
  }

  /** Reads what does not change; so without the superclass's lock, which is for initCause. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable getCause() {
    failure.heard();
    return failure.error;
  }

  @Override
  public StackTraceElement[] getStackTrace() {
    failure.heard();
    return super.getStackTrace();
  }

  @Override
  public String toString() {
    return CompletionException.class.getName() + ": " + getLocalizedMessage();
  }

  @SuppressWarnings("UnusedMethod") // called in serialization
  private Object writeReplace() {
    CompletionException plain = new CompletionException(getMessage(), getCause());
    plain.setStackTrace(getStackTrace());
    return plain;
  }
}
