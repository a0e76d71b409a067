package dev.weft.context;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was bound to a thread at some moment, of what is carried over awaits: the values of the
 * thread-locals in Micrometer's {@code ContextRegistry} ({@link PropagatedValues}), and those of
 * the bindings that the program has registered ({@link ScopedBinding}). Immutable.
 *
 * <pre>
 *   capture           when a task is begun or parks, on the thread that does it
 *   enter, run, leave around each poll of it; what the task has changed by then, the next capture
 *                     has seen, and leave puts back what the thread had
 * </pre>
 *
 * Without the library on the class path, and without a binding, nobody calls this: it is behind the
 * flag that {@code LocalContext} has for {@code AsyncLocal}s. With the library and nothing set, it
 * asks each accessor and allocates nothing.
 */
public final class ThreadBound {
  private static final @Nullable ThreadLocals LIBRARY = ThreadLocals.ofLibrary();

  /** Each key followed by its value; null for none. */
  private final @Nullable Object @Nullable [] locals;

  /** Each {@link ScopedBinding} followed by its value; null for none. */
  private final @Nullable Object @Nullable [] scoped;

  private ThreadBound(@Nullable Object @Nullable [] locals, @Nullable Object @Nullable [] scoped) {
    this.locals = locals;
    this.scoped = scoped;
  }

  /** True if Micrometer's library is there, whatever is registered with it. */
  public static boolean hasLibrary() {
    return LIBRARY != null;
  }

  /** What the calling thread has now; null for nothing. */
  public static @Nullable ThreadBound capture() {
    @Nullable Object @Nullable [] locals = LIBRARY == null ? null : LIBRARY.capture();
    @Nullable Object @Nullable [] scoped = ScopedBinding.capture();
    return locals == null && scoped == null ? null : new ThreadBound(locals, scoped);
  }

  /**
   * Puts in place what a task had, in so far as that can be set and unset. What the thread has and
   * the task had not is taken away.
   *
   * @return what is to be given to {@link #leave}
   */
  public static @Nullable Object @Nullable [] enter(@Nullable ThreadBound bound) {
    return LIBRARY == null ? null : LIBRARY.enter(bound == null ? null : bound.locals);
  }

  /** Puts back what the thread had. */
  public static void leave(@Nullable Object @Nullable [] before) {
    if (LIBRARY != null) {
      LIBRARY.leave(before);
    }
  }

  /** True if there is something that can be bound for the time of a call only: {@link #run}. */
  public boolean needsCall() {
    return scoped != null;
  }

  /** Runs a body once, with that bound. Throws what the body throws. */
  public void run(Runnable body) {
    ScopedBinding.run(scoped, body);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ThreadBound bound
        && Arrays.equals(locals, bound.locals)
        && Arrays.equals(scoped, bound.scoped);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(locals) * 31 + Arrays.hashCode(scoped);
  }
}
