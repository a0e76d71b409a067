package dev.weft.node.loop;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.jfr.FlightSwitch;
import dev.weft.node.pool.PoolCall;
import dev.weft.node.pool.WorkerPool;
import dev.weft.node.turn.LoopState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was started on the loop and has not ended: tasks, calls of async methods that nobody awaits,
 * calls on the worker pool. From any thread, unless a method says otherwise.
 */
final class UnendedWork implements LiveWork {
  private final EventLoop loop;
  private final LoopState state;
  private final WorkerPool pool;
  private final Arrivals arrivals;
  private final Set<LoopTask<?>> tasks = ConcurrentHashMap.newKeySet();
  private final DetachedCalls detached = new DetachedCalls();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  UnendedWork(EventLoop loop, LoopState state, WorkerPool pool, Arrivals arrivals) {
    this.loop = loop;
    this.state = state;
    this.pool = pool;
    this.arrivals = arrivals;
  }

  /**
   * Enters a task that is about to be scheduled.
   *
   * @return false if no more tasks are accepted; the task was not touched
   */
  boolean enter(LoopTask<?> task) {
    if (loop.isOwnThread() ? state.isHalted() : state.isShutdown()) {
      return false;
    }
    task.started = true;
    tasks.add(task);
    if (FlightSwitch.isOn()) {
      task.recordSpawn();
    }
    if (state.isEnding() && (loop.isOnThread() ? !loop.isCleaningUp() : !pool.isHere())) {
      task.cancel(true); // its starter is about to be cancelled, and it came too late for that
    }
    return true;
  }

  void ended(LoopTask<?> task) {
    tasks.remove(task);
  }

  /** See {@link dev.weft.AsyncExecutor#detached}. */
  void detached(Frame<?> call) {
    detached.add(call);
    if (state.isHalted()) {
      call.force();
    } else if (state.isEnding() && !(loop.isOnThread() && loop.isCleaningUp())) {
      call.request();
    }
  }

  /** See {@link dev.weft.AsyncExecutor#attached}. */
  void attached(Frame<?> call) {
    detached.remove(call);
    if (state.isShutdown() && !loop.isOnThread()) {
      arrivals.wake(); // it may be waiting for that
    }
  }

  /** True while there are methods of this loop that have not come to their end. */
  boolean isRunning() {
    return !tasks.isEmpty() || detached.size() > 0;
  }

  int taskCount() {
    return tasks.size();
  }

  /**
   * Cancels everything, once: what is there the second time was started to clean up. On the loop's
   * thread.
   */
  void cancelAll() {
    if (!cancelled.compareAndSet(false, true)) {
      return;
    }
    // Before any task is told: what it starts after that is its clean-up.
    List<PoolCall<?>> calls = pool.snapshot();
    for (LoopTask<?> task : tasks) {
      task.cancel(true);
    }
    detached.snapshot().forEach(Frame::request);
    calls.forEach(PoolCall::end);
  }

  /** Has every method end at its next await, and gives the calls on the pool up. */
  void forceAll() {
    forceMethods();
    pool.snapshot().forEach(call -> call.cancel(true));
  }

  /** Has every method end at its next await. */
  void forceMethods() {
    tasks.forEach(Frame::force);
    detached.snapshot().forEach(Frame::force);
  }

  /** Fails the tasks; their methods go no further. On the loop's thread. */
  void dropTasks() {
    tasks.forEach(task -> task.drop(arrivals.refusalMessage()));
  }

  /**
   * What a report says of them.
   *
   * @param where the place at which a frame stands
   */
  List<CloseReport.Unended> report(Function<Frame<?>, @Nullable String> where) {
    List<CloseReport.Unended> unended = new ArrayList<>();
    for (LoopTask<?> task : tasks) {
      unended.add(
          new CloseReport.Unended(
              task.id(), task.name(), task.describe(), false, where.apply(task)));
    }
    for (Frame<?> call : detached.snapshot()) {
      unended.add(
          new CloseReport.Unended(
              0, null, Whereabouts.describeCall(call), false, where.apply(call)));
    }
    unended.addAll(pool.unended());
    return unended;
  }

  // ---- who looks at it

  @Override
  public boolean isOver() {
    return loop.isTerminated();
  }

  @Override
  public AsyncExecutor executor() {
    return loop.executor();
  }

  @Override
  public String name() {
    return loop.name();
  }

  @Override
  public Kind kind() {
    return Kind.NODE;
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public boolean samplesPolls() {
    return loop.samplesPolls();
  }

  @Override
  public void forEach(Consumer<? super Task<?>> visitor) {
    tasks.forEach(visitor);
    detached.forEach(visitor);
    pool.snapshot().forEach(visitor);
  }

  @Override
  public void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor) {
    Frame<?> frame = loop.polledFrame();
    if (frame != null) {
      visitor.accept(loop.thread(), frame);
    }
  }
}
