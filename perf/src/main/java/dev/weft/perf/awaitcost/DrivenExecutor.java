package dev.weft.perf.awaitcost;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import dev.weft.frame.Spawn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The least executor that frames can live on: a first-in-first-out list, which the benchmark itself
 * polls, on JMH's own thread. With it the cost of an await is seen without that of a scheduler.
 *
 * <p>JMH makes its threads by {@link Threads} when told so by {@link #EXECUTOR} and {@link
 * #THREADS}.
 */
final class DrivenExecutor extends AbstractExecutorService implements AsyncExecutor {
  /** A benchmark that uses this executor has both options among its fork's. */
  static final String EXECUTOR = "-Djmh.executor=CUSTOM";

  static final String THREADS =
      "-Djmh.executor.class=dev.weft.perf.awaitcost.DrivenExecutor$Threads";

  private final Carrier carrier = new DrivenCarrier();
  private @Nullable Frame<?> head;
  private @Nullable Frame<?> tail;

  private DrivenExecutor() {}

  /** The executor of the calling thread, which JMH has made by {@link Threads}. */
  static DrivenExecutor ofThisThread() {
    if (AsyncExecutor.current() instanceof DrivenExecutor executor) {
      return executor;
    }
    throw new IllegalStateException(
        "This benchmark needs threads of its own kind: leave its forks on (-f 1 or more) and do not"
            + " give -jvmArgsAppend, or add to it: "
            + EXECUTOR
            + " "
            + THREADS);
  }

  /** Polls the frame that was queued first, if there is one. */
  void pollNext() {
    Frame<?> frame = head;
    if (frame != null) {
      head = frame.next;
      frame.next = null;
      if (head == null) {
        tail = null;
      }
      carrier.resetBudget();
      frame.run();
    }
  }

  /** Polls frames until the call has ended. */
  int finish(CompletableFuture<Integer> call) {
    while (!call.isDone()) {
      if (head == null) {
        throw new IllegalStateException("nothing is queued, and the call has not ended");
      }
      pollNext();
    }
    return call.join();
  }

  /** As at the start of a poll. */
  void resetBudget() {
    carrier.resetBudget();
  }

  @Override
  public void schedule(Frame<?> frame) {
    if (tail == null) {
      head = frame;
    } else {
      tail.next = frame;
    }
    tail = frame;
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    schedule(frame);
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    Spawn<T> task = new Spawn<>(this, body);
    schedule(task);
    return task;
  }

  @Override
  public void execute(Runnable command) {
    throw unsupported();
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    throw unsupported();
  }

  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    throw unsupported();
  }

  @Override
  public <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body) {
    throw unsupported();
  }

  @Override
  public void shutdown() {
    throw unsupported();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw unsupported();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw unsupported();
  }

  @Override
  public void close() {
    throw unsupported();
  }

  @Override
  public void close(Duration bound) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("an executor for frames only");
  }

  private final class DrivenCarrier extends Carrier {
    @Override
    public AsyncExecutor executor() {
      return DrivenExecutor.this;
    }
  }

  /** What JMH runs its threads by: each of them carries an executor of its own. */
  public static final class Threads extends ThreadPoolExecutor {
    /** Called by JMH. */
    public Threads(int threads, String prefix) {
      super(
          threads,
          threads,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          body -> new DrivenThread(body, prefix));
    }
  }

  private static final class DrivenThread extends Thread implements CarrierThread {
    private final Carrier carrier = new DrivenExecutor().carrier;

    DrivenThread(Runnable body, String prefix) {
      super(body, prefix + "-driven");
      setDaemon(true);
    }

    @Override
    public Carrier carrier() {
      return carrier;
    }
  }
}
