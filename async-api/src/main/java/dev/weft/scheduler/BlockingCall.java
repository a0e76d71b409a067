package dev.weft.scheduler;

import dev.weft.Task;
import dev.weft.frame.LocalContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One call on the blocking pool, and the task that its caller awaits.
 *
 * <pre>
 *   WAITING --run--&gt; RUNNING --end--&gt; ENDED
 *   WAITING --cancel--------------&gt; ENDED      the call is never made
 *   RUNNING --cancel--&gt; RUNNING                 its thread is interrupted
 * </pre>
 */
final class BlockingCall<T extends @Nullable Object> extends Task<T> implements Runnable {
  private final BlockingPool pool;
  private final Class<?> origin;
  private final @Nullable LocalContext context =
      LocalContext.isInUse() ? LocalContext.current() : null;

  /** Guards those below, so that an interrupt never reaches the thread's next call. */
  private final Object lock = new Object();

  /** Null once the call is under way or never will be. */
  private @Nullable Callable<T> call;

  /** Made when somebody asks. Guarded as well. */
  private @Nullable TaskLabel label;

  /** The thread that makes the call, while it does. */
  private @Nullable Thread runner;

  BlockingCall(BlockingPool pool, Callable<T> call) {
    this.pool = pool;
    this.call = call;
    this.origin = call.getClass();
  }

  @Override
  public void run() {
    Callable<T> made;
    synchronized (lock) {
      made = call;
      call = null;
      if (made != null) {
        runner = Thread.currentThread();
      }
    }
    try {
      if (made != null) {
        make(made);
      }
    } finally {
      pool.ended(this);
    }
  }

  private void make(Callable<T> made) {
    T value = null;
    Throwable error = null;
    if (LocalContext.isInUse()) {
      LocalContext.set(context); // also none: the call before may have left one
    }
    try {
      value = made.call();
    } catch (Throwable thrown) {
      error = thrown;
    }
    synchronized (lock) {
      runner = null;
    }
    Thread.interrupted(); // it may have come after the call had returned
    if (error == null) {
      complete(value);
    } else {
      completeExceptionally(error);
    }
    if (LocalContext.isInUse()) {
      LocalContext.set(null);
    }
  }

  /** Completes the task as cancelled; prevents the call, or interrupts the thread that makes it. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled) {
      synchronized (lock) {
        call = null;
        if (runner != null) {
          runner.interrupt();
        }
      }
    }
    return cancelled;
  }

  @Override
  public long id() {
    return label().id;
  }

  private TaskLabel label() {
    synchronized (lock) {
      TaskLabel made = label;
      if (made == null) {
        made = new TaskLabel(null, origin);
        label = made;
      }
      return made;
    }
  }

  /** The class whose code the call is, for people. */
  String describe() {
    return TaskLabel.describe(origin);
  }
}
