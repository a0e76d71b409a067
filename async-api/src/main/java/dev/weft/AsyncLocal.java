package dev.weft;

import dev.weft.context.ScopedBinding;
import dev.weft.frame.LocalContext;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
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
 * <p><b>MDC, traces, and what else is kept in thread-locals.</b> If {@code
 * io.micrometer:context-propagation} is on the class path, the values of all thread-locals that
 * have an accessor in its {@code ContextRegistry} go the same way as those of an {@code
 * AsyncLocal}. A task finds what was there when it was spawned, each method after an await what it
 * had before it, its own changes included; and nothing stays on the thread for the next task. The
 * accessor of SLF4J's MDC is in the library and has to be registered:
 *
 * <pre>{@code
 * ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
 * }</pre>
 *
 * <p><b>Whose changes reach whom.</b> Up to its first await that has to wait a method runs within
 * its caller's call, so what it sets by then its caller has as well, as in any call; what it sets
 * after that it has for itself. Give each request a task of its own ({@code spawn}), or set values
 * by {@link #run}.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the type of the value
 */
public final class AsyncLocal<T> {
  private final @Nullable String name;

  /** A local without a value. */
  public AsyncLocal() {
    this(null);
  }

  /**
   * A local without a value, with a name: it is what reports of tasks call it.
   *
   * @param name null for none
   */
  public AsyncLocal(@Nullable String name) {
    this.name = name;
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

  /**
   * Has something carried that can be bound to a thread for the time of a call only, as a {@code
   * ScopedValue} of Java 25 is: bound where a method is called or a task spawned, it is bound again
   * whenever that goes on after an await, on whatever thread, and in blocking calls.
   *
   * <pre>{@code
   * AsyncLocal.carry(Tenant::current, Tenant::runAs);
   * }</pre>
   *
   * with a {@code ScopedValue<User> USER}:
   *
   * <pre>
   * AsyncLocal.carry(
   *     () -&gt; USER.isBound() ? USER.get() : null,
   *     (user, body) -&gt; ScopedValue.where(USER, user).run(body));
   * </pre>
   *
   * <p>To be registered once, at the start of the program, before it is first bound; that is never
   * undone. From then on each suspension and resumption reads it, and each poll of a task that has
   * it is a call of the binder. What is bound on a thread by others, where a task runs that had
   * nothing, the task sees: nobody can unbind a scoped value. On an executor's own threads nothing
   * is.
   *
   * <p>What libraries keep in a {@code ThreadLocal}, the log's MDC above all, needs no such call;
   * see this class.
   *
   * @param reader what is bound to the calling thread; null for nothing. Cheap: it is called at
   *     each suspension
   * @param binder runs the body it is given, once, on the calling thread, with what the reader has
   *     read. What the body throws does not come to the binder
   */
  public static <T> void carry(
      Supplier<? extends @Nullable T> reader, BiConsumer<? super T, ? super Runnable> binder) {
    ScopedBinding.register(
        Objects.requireNonNull(reader, "reader"), Objects.requireNonNull(binder, "binder"));
    LocalContext.use();
  }

  /** Its name; without one, what tells it from others. */
  @Override
  public String toString() {
    return name == null ? "AsyncLocal@" + Integer.toHexString(hashCode()) : name;
  }
}
