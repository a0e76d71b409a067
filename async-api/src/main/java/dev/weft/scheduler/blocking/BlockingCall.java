package dev.weft.scheduler.blocking;

import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.LocalContext;
import dev.weft.frame.Relay;
import dev.weft.scheduler.task.TaskLabel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One call on the blocking pool, and the task that its caller awaits.
 *
 * <pre>
 *   WAITING --run--&gt; RUNNING --end--&gt; ENDED
 *   WAITING --cancel, stop--------&gt; ENDED      the call is never made
 *   RUNNING --cancel, stop--&gt; RUNNING          its thread is interrupted
 * </pre>
 *
 * A cancelled call is done at once and finished when it has returned. One that was asked to stop,
 * by the method that awaits it, has the outcome that it comes to: what it returns in spite of the
 * interrupt is not lost.
 */
public final class BlockingCall<T extends @Nullable Object> extends Task<T> implements Runnable {
  private final BlockingPool pool;
  private final Class<?> origin;

  /** Started by a method that was cancelled, which is not told again. */
  private final boolean cleanup;

  private final boolean startedOutside;

  private final @Nullable LocalContext context;

  /** Guards those below, so that an interrupt never reaches the thread's next call. */
  private final Object lock = new Object();

  /** True once the call has returned, or never will be made. */
  private volatile boolean ended;

  /** Who awaits it has asked it to end. */
  private volatile boolean stopped;

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
    Carrier carrier = Carrier.current();
    this.cleanup = carrier != null && carrier.isCleaningUp();
    this.startedOutside = carrier == null;
    this.context = LocalContext.captureFor(pool.contextClassLoader());
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
    if (made != null) {
      make(made);
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
      value = made.call();
    } catch (Throwable thrown) {
      error = thrown;
    } finally {
      LocalContext.leave(loader);
    }
    synchronized (lock) {
      runner = null;
    }
    Thread.interrupted(); // it may have come after the call had returned
    ended = true;
    if (error == null) {
      complete(value);
    } else if (stopped && error instanceof InterruptedException) {
      super.cancel(false);
    } else {
      completeExceptionally(error);
    }
    pool.ended(this); // last: a virtual clock stands still until whoever awaits this is woken
    if (LocalContext.isInUse()) {
      LocalContext.set(null);
    }
  }

  /** Completes the task as cancelled; prevents the call, or interrupts the thread that makes it. */
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

  private void neverMade() {
    ended = true;
    super.cancel(false); // and if it is cancelled already, who awaits it is still to be woken
    pool.ended(this);
  }

  /**
   * At the end of the executor, when all methods have been told. One of them that awaits this call
   * has stopped it, or is cleaning up, which goes on; any other call is stopped here. What it
   * returns in spite of that is not lost, should a method be only about to await it. One that was
   * started outside the executor no method is about to await, and it is cancelled.
   */
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

  /** Where the call stands; null if it is not under way. */
  @Nullable Thread runner() {
    synchronized (lock) {
      return runner;
    }
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
