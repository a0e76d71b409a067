package dev.weft.scheduler.blocking;

import dev.weft.Task;
import dev.weft.frame.LocalContext;
import dev.weft.frame.Relay;
import dev.weft.frame.TaskNumbers;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits in line for a thread on which it may block, and the task that its caller
 * awaits.
 *
 * <pre>
 *   WAITING --run--&gt; RUNNING --settle--&gt; ENDED
 *   WAITING --cancel, stop--------&gt; ENDED      the call is never made
 *   RUNNING --cancel, stop--&gt; RUNNING          its thread is interrupted
 * </pre>
 *
 * A cancelled call is done at once and finished when it has returned. One that was asked to stop,
 * by the method that awaits it, has the outcome that it comes to: what it returns in spite of the
 * interrupt is not lost.
 */
public abstract class InterruptibleCall<T extends @Nullable Object> extends Task<T>
    implements Runnable {
  /** Started by a method that was cancelled, which is not told again. */
  private final boolean cleanup;

  private final boolean startedOutside;

  private final @Nullable LocalContext context;

  /** 0 until somebody asks. Guarded by the call's lock. */
  private int number;

  /**
   * Guards the two below and what a subclass adds, so that an interrupt never reaches the thread's
   * next call.
   */
  final Object lock = new Object();

  /** Null once the call is under way or never will be. */
  private @Nullable Callable<T> call;

  /** The thread that makes the call, while it does. */
  private volatile @Nullable Thread runner;

  /** True once the outcome is there, or none will come. */
  private volatile boolean ended;

  /** Who awaits it has asked it to end. */
  private volatile boolean stopped;

  /**
   * A call that waits in line.
   *
   * @param context in which it is made
   * @param startedOutside no method of the executor has started it
   * @param cleanup it was started by a method that was told that it is cancelled
   */
  protected InterruptibleCall(
      Callable<T> call, @Nullable LocalContext context, boolean startedOutside, boolean cleanup) {
    this.call = call;
    this.context = context;
    this.startedOutside = startedOutside;
    this.cleanup = cleanup;
  }

  @Override
  protected String describeWait() {
    Thread at = runner; // without the lock: it is held while the thread is interrupted
    return at == null
        ? "a blocking call that waits for a thread"
        : "a blocking call on the thread " + at.getName();
  }

  @Override
  public final long id() {
    synchronized (lock) {
      if (number == 0) {
        number = TaskNumbers.next();
      }
      return TaskNumbers.asId(number);
    }
  }

  /** The class whose code the call is, for people. */
  public abstract String describe();

  /** The thread that makes the call now, for reports: it may be another call's a moment later. */
  public final @Nullable Thread threadNow() {
    return runner;
  }

  /** The call has returned, on this thread: its outcome is to be given to {@link #settle}. */
  protected abstract void returned(@Nullable T value, @Nullable Throwable error);

  /** The call will not be made. On any thread; its place in line may be still to come up. */
  protected abstract void neverMade();

  /** Its place in line has come up, and the call is not made. */
  protected abstract void passedOver();

  @Override
  public final void run() {
    Callable<T> made;
    synchronized (lock) {
      made = call;
      call = null;
      if (made != null) {
        runner = Thread.currentThread();
      }
    }
    if (made != null) {
      make(made);
    } else {
      passedOver();
    }
  }

  private void make(Callable<T> made) {
    T value = null;
    Throwable error = null;
    if (LocalContext.isInUse()) {
      LocalContext.set(context); // also none: the call before may have left one
    }
    ClassLoader loader = LocalContext.enter(context);
    try {
      value = LocalContext.callBound(context, made);
    } catch (Throwable thrown) {
      error = thrown;
    } finally {
      LocalContext.leave(loader);
    }
    synchronized (lock) {
      runner = null;
    }
    Thread.interrupted(); // it may have come after the call had returned
    returned(value, error);
    if (LocalContext.isInUse()) {
      LocalContext.set(null);
    }
  }

  /** Completes the task with what the call has come to. */
  protected final void settle(@Nullable T value, @Nullable Throwable error) {
    ended = true;
    if (error == null) {
      complete(value);
    } else if (stopped && error instanceof InterruptedException) {
      super.cancel(false);
    } else {
      completeExceptionally(error);
    }
  }

  /** Completes the task as cancelled; prevents the call, or interrupts the thread that makes it. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (cancelled && !interrupt()) {
      prevented();
    }
    return cancelled;
  }

  @Override
  protected boolean stop() {
    stopped = true;
    if (!interrupt()) {
      prevented();
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

  private void prevented() {
    ended = true;
    super.cancel(false); // and if it is cancelled already, who awaits it is still to be woken
    neverMade();
  }

  /**
   * At the end of the executor, when all methods have been told. One of them that awaits this call
   * has stopped it, or is cleaning up, which goes on; any other call is stopped here. What it
   * returns in spite of that is not lost, should a method be only about to await it. One that was
   * started outside the executor no method is about to await, and it is cancelled.
   */
  public final void end() {
    if (cleanup || Relay.isAwaitedByMethod(this)) {
      return;
    }
    if (startedOutside) {
      cancel(true);
    } else {
      stop();
    }
  }

  /** Whoever has started it is no method of the executor. */
  public final boolean isStartedOutside() {
    return startedOutside;
  }

  @Override
  public boolean isFinished() {
    return ended && isDone();
  }

  /** Where the call stands; null if it is not under way. */
  public final @Nullable Thread runner() {
    synchronized (lock) {
      return runner;
    }
  }
}
