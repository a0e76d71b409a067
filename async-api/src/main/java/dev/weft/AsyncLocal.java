package dev.weft;

import dev.weft.frame.LocalContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A value that accompanies a chain of asynchronous calls, as a {@link ThreadLocal} accompanies a
 * thread: a request's id, its user, its deadline. Node's {@code AsyncLocalStorage}.
 *
 * <pre>{@code
 * static final AsyncLocal<String> REQUEST = new AsyncLocal<>();
 *
 * REQUEST.run("r17", () -> handle(socket));     // handle, what it awaits, spawns and schedules
 * }</pre>
 *
 * <p>The value is captured when work is scheduled: when a method suspends in an await, when a task
 * is spawned or given to an executor, when a blocking call is made, and in node mode when a timer,
 * an immediate, a tick or a microtask is set. It is put back when that work runs, on whatever
 * thread, and what the work changes does not reach whoever scheduled it. A function hung on a
 * future ({@code thenApply} and its kind) is not scheduled: it runs with what the completing thread
 * has.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the type of the value
 */
public final class AsyncLocal<T> {
  /** A local without a value. */
  public AsyncLocal() {
    LocalContext.use();
  }

  /** The value here; null if there is none. */
  @SuppressWarnings("unchecked") // only run and enterWith put values under this key
  public @Nullable T get() {
    return (T) LocalContext.find(LocalContext.current(), this);
  }

  /**
   * Makes a call with a value, and puts back the value that was there before. A method that
   * suspends within the call keeps the value to its end.
   *
   * @param value null for none
   * @return what the call returns
   * @throws Exception what the call throws
   */
  public <R extends @Nullable Object> R run(@Nullable T value, Callable<R> call) throws Exception {
    LocalContext outer = LocalContext.current();
    LocalContext.set(LocalContext.with(outer, this, value));
    try {
      return call.call();
    } finally {
      LocalContext.set(outer);
    }
  }

  /**
   * Sets the value for the rest of the running task or callback and for what it schedules from here
   * on. Outside an executor: for the rest of the thread.
   *
   * @param value null for none
   */
  public void enterWith(@Nullable T value) {
    LocalContext.set(LocalContext.with(LocalContext.current(), this, value));
  }
}
