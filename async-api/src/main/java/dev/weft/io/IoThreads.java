package dev.weft.io;

import dev.weft.Task;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for what may block without an end and belongs to no executor: pipes to child processes,
 * and the end of watches. As many as are needed, and none that has been idle for 10 seconds; all of
 * them daemons. (A child that is silent would hold a thread of an executor's pool for as long as it
 * is, and node mode has four of them. The JDK has a thread for each child too, which waits for its
 * end.)
 */
final class IoThreads implements BlockingStream.Threads {
  static final IoThreads ALL = new IoThreads();

  private static final AtomicInteger NUMBER = new AtomicInteger();

  static final Executor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          run -> thread("weft-io-" + NUMBER.getAndIncrement(), run));

  private IoThreads() {}

  /** Inherits nothing from who happens to be first. */
  private static Thread thread(String name, Runnable run) {
    Thread thread = new Thread(null, run, name, 0, false);
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  static void start(String name, Runnable run) {
    thread(name, run).start();
  }

  /** A task that no cancellation reaches: who awaits it waits until the call has returned. */
  static <R extends @Nullable Object> Task<R> call(Callable<R> call) {
    Task<R> task = new Uncancelled<>();
    POOL.execute(
        () -> {
          try {
            task.complete(call.call());
          } catch (Throwable error) {
            task.completeExceptionally(error);
          }
        });
    return task;
  }

  @Override
  public <R> Task<R> run(Callable<R> call) {
    return call(call);
  }

  /** Completes after a time, of the real clock; cancelling it frees the timer. */
  static CompletableFuture<@Nullable Void> after(long nanos) {
    return new CompletableFuture<@Nullable Void>()
        .completeOnTimeout(null, Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  private static final class Uncancelled<R extends @Nullable Object> extends Task<R> {
    @Override
    protected boolean stop() {
      return true;
    }
  }
}
