package dev.weft.node.pool;

import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.jfr.BlockingPoolGrowth;
import dev.weft.jfr.FlightSwitch;
import dev.weft.node.host.LoopThread;
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
public final class WorkerPool {
  /** What the pool asks of the loop that it belongs to. */
  public interface Owner extends LoopThread {
    /** What its threads have while they make no call. */
    @Nullable ClassLoader contextClassLoader();

    /** True if the method that runs on the loop was told that it is cancelled. */
    boolean isCleaningUp();
  }

  /** libuv's {@code MAX_THREADPOOL_SIZE}. */
  static final int MAX_THREADS = 1024;

  /** libuv's default. */
  static final int DEFAULT_THREADS = 4;

  /** The pool whose thread this is. */
  private static final ThreadLocal<@Nullable WorkerPool> HERE = new ThreadLocal<>();

  private final Owner owner;
  private final StartedThreads started = new StartedThreads();
  private final ThreadPoolExecutor threads;
  private final Set<PoolCall<?>> live = ConcurrentHashMap.newKeySet();

  /**
   * Starts no thread yet.
   *
   * @param name what the names of its threads begin with
   */
  public WorkerPool(Owner owner, String name, int size) {
    this.owner = owner;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(),
            run -> {
              recordGrowth(name, size);
              Runnable marked =
                  () -> {
                    HERE.set(this);
                    started.addCurrent();
                    run.run();
                  };
              Thread thread = new Thread(marked, name + "-pool-" + number.getAndIncrement());
              thread.setDaemon(true);
              thread.setContextClassLoader(owner.contextClassLoader());
              return thread;
            });
  }

  /** A thread is about to be made; the pool counts it in a moment. */
  private void recordGrowth(String name, int most) {
    if (FlightSwitch.isOn()) {
      BlockingPoolGrowth.emit(name, threads.getPoolSize() + 1, most);
    }
  }

  /**
   * What {@code UV_THREADPOOL_SIZE} says, by libuv's rules: 4 if it is not set, 1 to 1024 in any
   * case, and 1 if it is not a number.
   */
  public static int sizeFrom(@Nullable String variable) {
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

  /** Has a thread make a call; from any thread. */
  public <T extends @Nullable Object> Task<T> submit(Callable<T> call) {
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
  public boolean isAlive() {
    return !live.isEmpty();
  }

  /** True on a thread of this pool. */
  public boolean isHere() {
    return HERE.get() == this;
  }

  /** The calls that are under way, wait in line, or are on their way back. */
  public List<PoolCall<?>> snapshot() {
    return List.copyOf(live);
  }

  Owner owner() {
    return owner;
  }

  /** A call has come to its end. */
  void ended(PoolCall<?> call) {
    live.remove(call);
  }

  /** Waits for its threads to end, at the most until a time of {@code System.nanoTime()}. */
  public void join(long deadline) throws InterruptedException {
    started.join(deadline);
  }

  /** Ends the threads; what is still waiting in line is not called. */
  public void close() {
    threads.shutdownNow();
    live.forEach(call -> call.cancel(true));
  }

  /** What a report says of the calls that have not ended. From any thread. */
  public List<CloseReport.Unended> unended() {
    return live.stream()
        .map(
            call ->
                new CloseReport.Unended(
                    0, null, call.describe(), true, RunningCode.of(call.runner())))
        .toList();
  }
}
