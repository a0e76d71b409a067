package dev.weft.scheduler;

import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.frame.Settled;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for calls that block. A call goes to an idle thread if there is one, else to a new
 * one, and waits in line only when there are as many threads as are allowed.
 *
 * <p>{@link ThreadPoolExecutor} by itself does this only without a line. So its queue here takes a
 * call only if an idle thread is waiting for it; the pool then makes a thread, and if it may not,
 * the rejection puts the call into the same queue after all.
 */
final class BlockingPool {
  private final ThreadPoolExecutor threads;
  private final Set<BlockingCall<?>> live = ConcurrentHashMap.newKeySet();
  private final String name;
  private final Runnable onEnd;
  private volatile boolean terminated;

  /**
   * @param made its threads
   * @param name prefix of their names
   * @param hooks called on the threads
   * @param onEnd called after each call
   * @param onTerminated called once, after {@link #shutdown}, when the last call has ended
   */
  BlockingPool(
      BlockingThreads made, String name, Hooks hooks, Runnable onEnd, Runnable onTerminated) {
    this.name = name;
    this.onEnd = onEnd;
    threads =
        new ThreadPoolExecutor(
            0,
            made.max(),
            made.keepAlive().toNanos(),
            TimeUnit.NANOSECONDS,
            new HandOver(),
            run ->
                made.factory()
                    .newThread(
                        () -> {
                          Hooks.call(hooks.threadStart());
                          run.run();
                          Hooks.call(hooks.threadStop());
                        }),
            BlockingPool::queue) {
          @Override
          protected void terminated() {
            terminated = true;
            onTerminated.run();
          }
        };
  }

  /** Makes the call on a thread of the pool; a failed task if the pool was shut down. */
  <T> Task<T> submit(Callable<T> call) {
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
  boolean isIdle() {
    return live.isEmpty();
  }

  /** Accepts no more calls; those in line are still made. */
  void shutdown() {
    threads.shutdown();
  }

  /** Cancels what waits in line and interrupts what runs. */
  void cancelAll() {
    live.forEach(call -> call.cancel(true));
  }

  boolean isTerminated() {
    return terminated;
  }

  /** How many threads there are. */
  int size() {
    return threads.getPoolSize();
  }

  /** How many of them have nothing to do. */
  int idle() {
    return Math.max(0, threads.getPoolSize() - threads.getActiveCount());
  }

  /** How many calls wait for a thread. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** The calls that have not ended. */
  List<CloseReport.Unended> unended() {
    return live.stream()
        .map(call -> new CloseReport.Unended(call.id(), null, call.describe(), true))
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
