package dev.weft.weaver.generated;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An executor of one thread, which generates, weaves and runs programs, and polls the frames of the
 * program that it is running. A suspension costs no change of threads, and a program in which
 * nothing is left to do is seen to be stuck at once. Frames may be scheduled by the {@link Racer}.
 */
final class Pump extends AbstractExecutorService implements AsyncExecutor {
  private final ConcurrentLinkedQueue<Frame<?>> queue = new ConcurrentLinkedQueue<>();

  private final Carrier carrier =
      new Carrier() {
        @Override
        public AsyncExecutor executor() {
          return Pump.this;
        }
      };

  private static final class PumpThread extends Thread implements CarrierThread {
    private final Pump pump;

    PumpThread(Pump pump, Runnable action) {
      super(null, action, "pump", 4 << 20);
      this.pump = pump;
    }

    @Override
    public Carrier carrier() {
      return pump.carrier;
    }
  }

  /** Runs an action on a thread of a pump of its own, and waits for it. */
  static <T extends @Nullable Object> T run(java.util.function.Function<Pump, T> action)
      throws Exception {
    Pump pump = new Pump();
    FutureTask<T> task = new FutureTask<>(() -> action.apply(pump));
    Thread thread = new PumpThread(pump, task);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } finally {
      thread.interrupt();
    }
  }

  /** Polls one frame; false if none is queued. */
  boolean poll() {
    Frame<?> frame = queue.poll();
    if (frame == null) {
      return false;
    }
    carrier.resetBudget();
    frame.run();
    return true;
  }

  /** Forgets what a program has left behind, and gives the next one its budget. */
  void reset() {
    queue.clear();
    carrier.resetBudget();
  }

  @Override
  public void schedule(Frame<?> frame) {
    queue.add(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    queue.add(frame);
  }

  // ---- what programs do not use

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void execute(Runnable command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public void close(Duration bound) {}

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
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
    return false;
  }
}
