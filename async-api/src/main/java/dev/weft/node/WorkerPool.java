package dev.weft.node;

import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.frame.LocalContext;
import dev.weft.frame.Relay;
import dev.weft.scheduler.thread.RunningCode;
import dev.weft.scheduler.thread.StartedThreads;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * libuv's thread pool: a few threads for calls that block, first come first served. The outcome of
 * a call comes back through the loop's poll phase, as a callback of its own. Calls keep the loop
 * alive.
 */
final class WorkerPool {
  /** libuv's {@code MAX_THREADPOOL_SIZE}. */
  static final int MAX_THREADS = 1024;

  /** libuv's default. */
  static final int DEFAULT_THREADS = 4;

  /** The pool whose thread this is. */
  private static final ThreadLocal<@Nullable WorkerPool> HERE = new ThreadLocal<>();

  private final EventLoop loop;
  private final StartedThreads started = new StartedThreads();
  private final ThreadPoolExecutor threads;
  private final Set<PoolCall<?>> live = ConcurrentHashMap.newKeySet();

  WorkerPool(EventLoop loop, String name, int size) {
    this.loop = loop;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(),
            run -> {
              Runnable marked =
                  () -> {
                    HERE.set(this);
                    started.addCurrent();
                    run.run();
                  };
              Thread thread = new Thread(marked, name + "-pool-" + number.getAndIncrement());
              thread.setDaemon(true);
              thread.setContextClassLoader(loop.contextClassLoader());
              return thread;
            });
  }

  /**
   * What {@code UV_THREADPOOL_SIZE} says, by libuv's rules: 4 if it is not set, 1 to 1024 in any
   * case, and 1 if it is not a number.
   */
  static int sizeFrom(@Nullable String variable) {
    if (variable == null) {
      return DEFAULT_THREADS;
    }
    String digits = variable.strip().replaceFirst("[^0-9].*", "");
    if (digits.isEmpty()) {
      return 1;
    }
    int size = digits.length() > 9 ? MAX_THREADS : Integer.parseInt(digits);
    return Math.max(1, Math.min(MAX_THREADS, size));
  }

  <T extends @Nullable Object> Task<T> submit(Callable<T> call) {
    PoolCall<T> task = new PoolCall<>(this, call);
    live.add(task);
    try {
      threads.execute(task);
    } catch (RejectedExecutionException ended) { // the loop has ended just now
      live.remove(task);
      task.completeExceptionally(ended);
    }
    return task;
  }

  /** True while a call is waiting, running, or on its way back. */
  boolean isAlive() {
    return !live.isEmpty();
  }

  /** True on a thread of this pool. */
  boolean isHere() {
    return HERE.get() == this;
  }

  /** The calls that are under way, wait in line, or are on their way back. */
  List<PoolCall<?>> snapshot() {
    return List.copyOf(live);
  }

  /** Waits for its threads to end, at the most until a time of {@code System.nanoTime()}. */
  void join(long deadline) throws InterruptedException {
    started.join(deadline);
  }

  /** Ends the threads; what is still waiting in line is not called. */
  void close() {
    threads.shutdownNow();
    live.forEach(call -> call.cancel(true));
  }

  List<CloseReport.Unended> unended() {
    return live.stream()
        .map(
            call ->
                new CloseReport.Unended(
                    0, null, call.describe(), true, RunningCode.of(call.runner())))
        .toList();
  }

  /**
   * One call, and the task that its caller awaits.
   *
   * <pre>
   *   WAITING --run--&gt; RUNNING --post--&gt; ENDED
   *   WAITING --cancel, stop--&gt; ENDED       the call is never made
   *   RUNNING --cancel, stop--&gt; RUNNING     its thread is interrupted
   * </pre>
   *
   * As with {@code dev.weft.scheduler.blocking.BlockingCall}, a cancelled call is finished when it
   * has returned, and one that was asked to stop has the outcome that it comes to.
   */
  static final class PoolCall<T extends @Nullable Object> extends Task<T> implements Runnable {
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

    /** Whoever started it from another thread looks at its failure there. */
    final boolean startedOutside;

    PoolCall(WorkerPool pool, Callable<T> call) {
      this.pool = pool;
      this.origin = call.getClass();
      this.context = LocalContext.captureFor(pool.loop.contextClassLoader());
      this.call = call;
      this.startedOutside = !pool.loop.isOnThread();
      this.cleanup = !startedOutside && pool.loop.isCleaningUp();
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
        pool.loop.post(this::leave);
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
      pool.loop.post(new Outcome<>(this, value, error));
    }

    private void leave() {
      pool.live.remove(this);
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
    void end() {
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
      String name = origin.getName();
      int lambda = name.indexOf("$$Lambda");
      return (lambda < 0 ? name : "a lambda of " + name.substring(0, lambda));
    }
  }

  /**
   * A call's outcome on its way to the loop. If the loop has ended, it is delivered all the same.
   */
  record Outcome<T extends @Nullable Object>(
      PoolCall<T> call, @Nullable T value, @Nullable Throwable error) implements Runnable {
    @Override
    public void run() {
      call.arrive(value, error);
    }
  }
}
