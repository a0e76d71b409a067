package dev.weft.node.pool;

import dev.weft.Task;
import dev.weft.frame.LocalContext;
import dev.weft.frame.Relay;
import dev.weft.node.host.CodeName;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One call, and the task that its caller awaits.
 *
 * <pre>
 *   WAITING --run--&gt; RUNNING --post--&gt; ENDED
 *   WAITING --cancel, stop--&gt; ENDED       the call is never made
 *   RUNNING --cancel, stop--&gt; RUNNING     its thread is interrupted
 * </pre>
 *
 * As with {@code dev.weft.scheduler.BlockingCall}, a cancelled call is finished when it has
 * returned, and one that was asked to stop has the outcome that it comes to.
 */
public final class PoolCall<T extends @Nullable Object> extends Task<T> implements Runnable {
  private final WorkerPool pool;
  private final Class<?> origin;
  private final @Nullable LocalContext context;

  /** Guards the two below, so that an interrupt never reaches the thread's next call. */
  private final Object lock = new Object();

  private @Nullable Callable<T> call;
  private @Nullable Thread runner;

  /** True once the outcome has arrived, or none will. */
  private volatile boolean ended;

  private volatile boolean stopped;

  /** Started by a method that was cancelled, which is not told again. */
  private final boolean cleanup;

  private final boolean startedOutside;

  PoolCall(WorkerPool pool, Callable<T> call) {
    this.pool = pool;
    this.origin = call.getClass();
    this.context = LocalContext.captureFor(pool.owner().contextClassLoader());
    this.call = call;
    this.startedOutside = !pool.owner().isOnThread();
    this.cleanup = !startedOutside && pool.owner().isCleaningUp();
  }

  @Override
  public void run() {
    Callable<T> made;
    synchronized (lock) {
      made = call;
      call = null;
      runner = made == null ? null : Thread.currentThread();
    }
    if (made == null) {
      pool.owner().post(this::leave);
      return;
    }
    T value = null;
    Throwable error = null;
    LocalContext.set(context);
    ClassLoader loader = LocalContext.enter(context);
    try {
      value = made.call();
    } catch (Throwable thrown) {
      error = thrown;
    } finally {
      LocalContext.leave(loader);
    }
    LocalContext.set(null);
    synchronized (lock) {
      runner = null;
    }
    Thread.interrupted(); // it may have come after the call had returned
    pool.owner().post(new Outcome<>(this, value, error));
  }

  private void leave() {
    pool.ended(this);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled && !interrupt()) {
      neverMade();
    }
    return cancelled;
  }

  @Override
  protected boolean stop() {
    stopped = true;
    if (!interrupt()) {
      neverMade();
    }
    return true;
  }

  /** False if the call waited in line, and will not be made now. */
  private boolean interrupt() {
    synchronized (lock) {
      if (runner != null) {
        runner.interrupt();
        return true;
      }
      boolean waited = call != null;
      call = null;
      return !waited;
    }
  }

  /** Its place in line is still to come up; it keeps the loop alive until then. */
  private void neverMade() {
    ended = true;
    super.cancel(false);
  }

  /** At the end of the loop; as {@code BlockingCall} does it. */
  public void end() {
    if (cleanup || Relay.isAwaitedByMethod(this)) {
      return;
    }
    if (startedOutside) {
      cancel(true);
    } else {
      stop();
    }
  }

  @Override
  public boolean isFinished() {
    return ended && isDone();
  }

  @Nullable Thread runner() {
    synchronized (lock) {
      return runner;
    }
  }

  /** The outcome has arrived. */
  private void arrive(@Nullable T value, @Nullable Throwable error) {
    leave();
    ended = true;
    if (error == null) {
      complete(value);
    } else if (stopped && error instanceof InterruptedException) {
      super.cancel(false);
    } else {
      completeExceptionally(error);
    }
  }

  String describe() {
    return CodeName.of(origin);
  }

  /** Whoever started it from another thread looks at its failure there. */
  public boolean isStartedOutside() {
    return startedOutside;
  }

  /**
   * A call's outcome on its way to the loop. If the loop has ended, it is delivered all the same.
   */
  public record Outcome<T extends @Nullable Object>(
      PoolCall<T> call, @Nullable T value, @Nullable Throwable error) implements Runnable {
    @Override
    public void run() {
      call.arrive(value, error);
    }
  }
}
