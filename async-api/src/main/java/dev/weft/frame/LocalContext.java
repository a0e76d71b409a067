package dev.weft.frame;

import dev.weft.context.ThreadBound;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The values that {@link dev.weft.AsyncLocal}s have at some point of a program: an immutable list,
 * so that capturing it is copying a reference. Null stands for the empty one.
 *
 * <p>The current context belongs to the thread: a field of its {@link Carrier}, and outside any
 * executor a {@link ThreadLocal}. A frame takes the current one along when it parks, and puts it
 * back for as long as it runs.
 *
 * <p>The thread context class loader of who calls or spawns travels the same way, if it is another
 * than that of the executor's threads: so a library that looks for classes finds those of its
 * caller also after an await, and a program where all threads have the same one pays a comparison.
 *
 * <p>So does what libraries have bound to the thread ({@link ThreadBound}): the log's MDC, a trace.
 * That may change behind our back, so it is read anew at each capture; what was read last stands in
 * the list, and if nothing has changed since, the list stays the one it is.
 *
 * <p>A program without any of these pays for one static flag per suspension and per resumption. The
 * flag is plain: it is set before the first local exists, so a thread that has got hold of a local
 * sees it, and a thread that has not has no context to lose. Where the library that knows of MDC is
 * on the class path it is set from the start.
 *
 * <pre>{@code
 * REQUEST.enterWith("r17");
 * Runnable job = LocalContext.bind(() -> System.out.println(REQUEST.get())); // r17, on any thread
 * new Thread(job).start();
 * }</pre>
 */
public final class LocalContext {
  /** The key of the thread context class loader, where it is not that of the executor's threads. */
  private static final Object LOADER = new Object();

  /** The key of what was bound to the thread, a {@link ThreadBound}. */
  private static final Object BOUND = new Object();

  /** So much of a value is told in a report. Guessed. */
  private static final int MOST_TEXT = 200;

  private static boolean inUse = ThreadBound.hasLibrary();

  private static final ThreadLocal<@Nullable LocalContext> OUTSIDE = new ThreadLocal<>();

  private final Object key;
  private final @Nullable Object value;
  private final @Nullable LocalContext rest;

  private LocalContext(Object key, @Nullable Object value, @Nullable LocalContext rest) {
    this.key = key;
    this.value = value;
    this.rest = rest;
  }

  /** Called when there is something to be carried; never undone. */
  public static void use() {
    inUse = true;
  }

  /** False for as long as there is nothing that could be carried. */
  public static boolean isInUse() {
    return inUse;
  }

  /** The calling thread's context, for what is to be found in it by key. */
  public static @Nullable LocalContext current() {
    Carrier carrier = Carrier.current();
    return carrier == null ? OUTSIDE.get() : carrier.context;
  }

  /** The calling thread's context, to be put back later, and with what is bound to the thread. */
  public static @Nullable LocalContext capture() {
    LocalContext context = current();
    ThreadBound now = ThreadBound.capture();
    if (Objects.equals(find(context, BOUND), now)) {
      return context;
    }
    return now == null ? without(context, BOUND) : with(context, BOUND, now);
  }

  /** What was bound to the thread on which a context was captured; null for nothing. */
  static @Nullable ThreadBound boundIn(@Nullable LocalContext context) {
    return (ThreadBound) find(context, BOUND);
  }

  /**
   * The context for what the calling thread starts on an executor.
   *
   * @param loader the context class loader of the executor's threads
   */
  public static @Nullable LocalContext captureFor(@Nullable ClassLoader loader) {
    ClassLoader callers = Thread.currentThread().getContextClassLoader();
    if (callers == loader) {
      return inUse ? without(capture(), LOADER) : null;
    }
    inUse = true;
    LocalContext context = capture();
    return find(context, LOADER) == callers ? context : with(context, LOADER, callers);
  }

  /**
   * Gives the calling thread the context's class loader, if it has one.
   *
   * @return what is to be given to {@link #leave}
   */
  public static @Nullable ClassLoader enter(@Nullable LocalContext context) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    if (context != null) {
      Object loader = find(context, LOADER);
      if (loader != null && loader != before) {
        thread.setContextClassLoader((ClassLoader) loader);
      }
    }
    return before;
  }

  /** Gives the calling thread back the class loader that it had. */
  public static void leave(@Nullable ClassLoader before) {
    Thread thread = Thread.currentThread();
    if (thread.getContextClassLoader() != before) {
      thread.setContextClassLoader(before);
    }
  }

  /** Makes a context the calling thread's. */
  public static void set(@Nullable LocalContext context) {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.context = context;
    } else if (context == null) {
      OUTSIDE.remove();
    } else {
      OUTSIDE.set(context);
    }
  }

  /** The context in which the given local has the given value, and the others those they have. */
  public static LocalContext with(
      @Nullable LocalContext context, Object key, @Nullable Object value) {
    return new LocalContext(key, value, without(context, key));
  }

  /** The local's value in a context; null if it has none. */
  public static @Nullable Object find(@Nullable LocalContext context, Object key) {
    for (LocalContext at = context; at != null; at = at.rest) {
      if (at.key == key) {
        return at.value;
      }
    }
    return null;
  }

  /** What a context has of the program's locals, as text. Another thread's, too. */
  static Map<String, String> describe(@Nullable LocalContext context) {
    Map<String, String> locals = new LinkedHashMap<>();
    for (LocalContext at = context; at != null; at = at.rest) {
      if (at.key != LOADER && at.key != BOUND && at.value != null) {
        locals.putIfAbsent(text(at.key), text(at.value));
      }
    }
    return locals;
  }

  private static String text(Object object) {
    try {
      String text = String.valueOf(object);
      return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "..";
    } catch (Throwable unusual) { // of a class of the program's own
      return "a " + object.getClass().getName();
    }
  }

  private static @Nullable LocalContext without(@Nullable LocalContext context, Object key) {
    if (context == null) {
      return null;
    }
    if (context.key == key) {
      return context.rest; // a key is there once
    }
    LocalContext rest = without(context.rest, key);
    return rest == context.rest ? context : new LocalContext(context.key, context.value, rest);
  }

  /** The action, to be run later in the context in which it is given now. */
  public static Runnable bind(Runnable action) {
    Objects.requireNonNull(action, "action");
    if (!inUse) {
      return action;
    }
    LocalContext captured = capture();
    return () -> run(captured, action);
  }

  private static void run(@Nullable LocalContext context, Runnable action) {
    LocalContext outer = current();
    set(context);
    try {
      runBound(context, action);
    } finally {
      set(outer);
    }
  }

  private static void runBound(@Nullable LocalContext context, Runnable action) {
    ThreadBound bound = boundIn(context);
    @Nullable Object @Nullable [] before = ThreadBound.enter(bound);
    try {
      if (bound != null && bound.needsCall()) {
        bound.run(action);
      } else {
        action.run();
      }
    } finally {
      ThreadBound.leave(before);
    }
  }

  /** Makes a call with what was bound to the thread on which a context was captured. */
  public static <T extends @Nullable Object> T callBound(
      @Nullable LocalContext context, Callable<T> call) throws Exception {
    ThreadBound bound = boundIn(context);
    if (bound == null || !bound.needsCall()) {
      @Nullable Object @Nullable [] before = ThreadBound.enter(bound);
      try {
        return call.call();
      } finally {
        ThreadBound.leave(before);
      }
    }
    FutureTask<T> task = new FutureTask<>(call);
    runBound(context, task);
    try {
      return task.get(); // it has run
    } catch (ExecutionException thrown) {
      if (thrown.getCause() instanceof Error failure) {
        throw failure;
      }
      throw (Exception) Objects.requireNonNull(thrown.getCause());
    }
  }
}
