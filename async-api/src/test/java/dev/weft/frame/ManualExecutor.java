package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** An executor that runs a frame when the test says so, on the test's thread. */
public final class ManualExecutor extends AbstractExecutorService implements AsyncExecutor {
  private final Queue<Frame<?>> queue = new ArrayDeque<>();

  @Override
  public synchronized void schedule(Frame<?> frame) {
    queue.add(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    schedule(frame);
  }

  synchronized int queued() {
    return queue.size();
  }

  /** Forgets what is queued. */
  synchronized void clear() {
    queue.clear();
  }

  private synchronized Frame<?> next() {
    return queue.poll();
  }

  /** Polls what was queued first. */
  public void runOne() {
    next().run();
  }

  /** Polls what is queued and what that queues, to the end. */
  public int runAll() {
    int polls = 0;
    for (Frame<?> frame; (frame = next()) != null; polls++) {
      frame.run();
    }
    return polls;
  }

  /** As if it had been halted: rejects what is queued and what that queues, to the end. */
  public void rejectAll() {
    for (Frame<?> frame; (frame = next()) != null; ) {
      frame.reject("the executor is closed");
    }
  }

  @Override
  public <T> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    Spawn<T> task = new Spawn<>(this, body);
    schedule(task);
    return task;
  }

  @Override
  public <T> Task<T> spawnBlocking(Callable<T> call) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Task<Void> sleep(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T blockOn(Callable<? extends CompletionStage<T>> body) {
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
