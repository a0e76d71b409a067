package dev.weft.scheduler.blocking;

import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.jfr.BlockingPoolGrowth;
import dev.weft.jfr.FlightSwitch;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.thread.RunningCode;
import dev.weft.scheduler.thread.StartedThreads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads for calls that block. A call goes to an idle thread if there is one, else to a new
 * one, and waits in line only when there are as many threads as are allowed.
 *
 * <p>{@link ThreadPoolExecutor} by itself does this only without a line. So its queue here takes a
 * call only if an idle thread is waiting for it; the pool then makes a thread, and if it may not,
 * the rejection puts the call into the same queue after all.
 */
public final class BlockingPool {
  /** The pool whose thread this is. */
  private static final ThreadLocal<@Nullable BlockingPool> HERE = new ThreadLocal<>();

  private final StartedThreads started = new StartedThreads();
  private final ThreadPoolExecutor threads;
  private final LiveCalls live = new LiveCalls();
  private final String name;
  private final @Nullable ClassLoader loader;
  private final Runnable onEnd;

  /**
   * A pool without a thread as yet.
   *
   * @param made its threads
   * @param name prefix of their names
   * @param hooks called on the threads
   * @param onEnd called after each call
   */
  public BlockingPool(BlockingThreads made, String name, Hooks hooks, Runnable onEnd) {
    this.name = name;
    this.loader = made.loader();
    this.onEnd = onEnd;
    threads =
        new ThreadPoolExecutor(
            0,
            made.max(),
            made.keepAlive().toNanos(),
            TimeUnit.NANOSECONDS,
            new HandOver(),
            run -> {
              recordGrowth(made.max());
              return made.factory()
                  .newThread(
                      () -> {
                        HERE.set(this);
                        started.addCurrent();
                        Hooks.call(hooks.threadStart());
                        run.run();
                        Hooks.call(hooks.threadStop());
                      });
            },
            BlockingPool::queue);
  }

  /** A thread is about to be made; the pool counts it in a moment. */
  private void recordGrowth(int most) {
    if (FlightSwitch.isOn()) {
      BlockingPoolGrowth.emit(name, threads.getPoolSize() + 1, most);
    }
  }

  /** Makes the call on a thread of the pool; a failed task if the pool was shut down. */
  public <T> Task<T> submit(Callable<T> call) {
    BlockingCall<T> task = new BlockingCall<>(this, call);
    live.add(task);
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closed) {
      ended(task);
      return Settled.failure(
          new RejectedExecutionException("the executor " + name + " is shut down"));
    } catch (Throwable error) { // no memory for a thread
      ended(task);
      task.completeExceptionally(error);
    }
    return task;
  }

  void ended(BlockingCall<?> call) {
    live.remove(call);
    onEnd.run();
  }

  /** True if no call is under way or waits in line. */
  public boolean isIdle() {
    return live.isEmpty();
  }

  /** That of its threads. */
  @Nullable ClassLoader contextClassLoader() {
    return loader;
  }

  /** True on a thread of this pool. */
  public boolean isHere() {
    return HERE.get() == this;
  }

  /** How many calls there were so far. */
  public long begun() {
    return live.begun();
  }

  /** Accepts no more calls, and lets the threads end. */
  public void shutdown() {
    threads.shutdown();
  }

  /** Waits for its threads to end, at the most until a time of {@code System.nanoTime()}. */
  public void join(long deadline) throws InterruptedException {
    if (threads.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      started.join(deadline);
    }
  }

  boolean isTerminated() {
    return threads.isTerminated();
  }

  /** The calls that are under way or wait in line. */
  public List<BlockingCall<?>> snapshot() {
    return live.snapshot();
  }

  /** How many threads there are. */
  public int size() {
    return threads.getPoolSize();
  }

  /** How many of them have nothing to do. */
  public int idle() {
    return Math.max(0, threads.getPoolSize() - threads.getActiveCount());
  }

  /** How many calls wait for a thread. */
  public int waiting() {
    return threads.getQueue().size();
  }

  /** The calls that have not ended. */
  public List<CloseReport.Unended> unended() {
    return live.snapshot().stream()
        .map(
            call ->
                new CloseReport.Unended(
                    call.id(), null, call.describe(), true, RunningCode.of(call.runner())))
        .toList();
  }

  private static void queue(Runnable call, ThreadPoolExecutor threads) {
    if (threads.isShutdown()) {
      throw new RejectedExecutionException();
    }
    threads.getQueue().add(call);
    // A shutdown that came in between has seen either the call in the queue, and lets it run, or
    // not; and all the threads may be gone by then.
    if (threads.isShutdown() && threads.remove(call)) {
      throw new RejectedExecutionException();
    }
    // And the last thread may have idled out after it was found that there may be no more of them.
    if (threads.getPoolSize() == 0 && threads.remove(call)) {
      threads.execute(call);
    }
  }

  /** A queue that takes an offer only from the hand of one who waits. */
  private static final class HandOver extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable call) {
      return tryTransfer(call);
    }

    @Override
    public boolean add(Runnable call) {
      return super.offer(call);
    }
  }
}
