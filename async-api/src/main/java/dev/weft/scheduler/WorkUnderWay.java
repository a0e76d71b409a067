package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.dump.live.LiveExecutors;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.scheduler.blocking.BlockingCall;
import dev.weft.scheduler.blocking.BlockingPool;
import dev.weft.scheduler.task.OwnedTask;
import dev.weft.scheduler.task.OwnedTasks;
import dev.weft.scheduler.thread.RunningCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is alive on an executor, and has to end before it does: its tasks, its blocking calls, and
 * calls of async methods that nobody awaits. Knows no phase: what each means for them is {@link
 * Scheduler}'s. From any thread.
 */
final class WorkUnderWay implements LiveWork {
  final OwnedTasks owned;
  final DetachedCalls detached = new DetachedCalls();
  final BlockingPool blocking;
  private final AsyncExecutor executor;
  private final SchedulerConfig config;
  private final WorkerThreads threads;

  /**
   * None as yet.
   *
   * @param executor whose it is
   * @param threads where tasks run, to say where one stands
   * @param taskEnded called after the last task may have gone
   * @param callEnded called after each blocking call
   */
  WorkUnderWay(
      AsyncExecutor executor,
      SchedulerConfig config,
      WorkerThreads threads,
      Runnable taskEnded,
      Runnable callEnded) {
    this.executor = executor;
    this.config = config;
    this.threads = threads;
    owned = new OwnedTasks(config.workers(), config.hooks(), taskEnded);
    blocking = new BlockingPool(config.blockingThreads(), config.name(), config.hooks(), callEnded);
  }

  /** True if there is none of any kind; each count at a moment of its own. */
  boolean isNone() {
    return blocking.isIdle() && owned.size() == 0 && detached.size() == 0;
  }

  /** How much of it has ever begun. */
  long begun() {
    return owned.begun() + blocking.begun() + detached.begun();
  }

  /**
   * Cancels what is there.
   *
   * @param never is given the bodies of tasks that have not started, and never will
   */
  void cancel(Consumer<? super Callable<?>> never) {
    // Before any task is told: what it starts after that is its clean-up.
    List<BlockingCall<?>> calls = blocking.snapshot();
    for (OwnedTask<?> task : owned.snapshot()) {
      if (task.isAwaitedOperation()) {
        continue;
      }
      Callable<?> body = task.unstartedBody();
      if (task.cancel(true) && body != null && task.unstartedBody() != null) {
        never.accept(body);
      }
    }
    detached.snapshot().forEach(Frame::request);
    calls.forEach(BlockingCall::end);
  }

  /** Has every body meet its end at its next await, or at the one it is at. */
  void forceBodies() {
    owned.snapshot().forEach(Frame::force);
    detached.snapshot().forEach(Frame::force);
  }

  /** The same, and gives up the blocking calls. */
  void force() {
    blocking.snapshot().forEach(call -> call.cancel(true));
    forceBodies();
    blocking.shutdown();
  }

  /** What has not ended, and where it stands. */
  List<CloseReport.Unended> unended() {
    List<CloseReport.Unended> unended = new ArrayList<>();
    for (OwnedTask<?> task : owned.snapshot()) {
      unended.add(
          new CloseReport.Unended(task.id(), task.name(), task.describe(), false, where(task)));
    }
    for (Frame<?> call : detached.snapshot()) {
      unended.add(
          new CloseReport.Unended(0, null, Whereabouts.describeCall(call), false, where(call)));
    }
    unended.addAll(blocking.unended());
    return unended;
  }

  /** The line at which a task stands: the thread's that runs it, or of the await. */
  private @Nullable String where(Frame<?> task) {
    Thread thread = threads.threadOf(Whereabouts.innermost(task));
    String running = RunningCode.of(thread);
    return running != null ? running : Whereabouts.of(task);
  }

  // ---- who looks at it

  /** From now on others can find it. When the executor is there. */
  void show() {
    LiveExecutors.add(this);
  }

  @Override
  public boolean isOver() {
    return executor.isTerminated();
  }

  @Override
  public AsyncExecutor executor() {
    return executor;
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public Kind kind() {
    return Kind.WORK_STEALING;
  }

  @Override
  public int workers() {
    return config.workers();
  }

  @Override
  public boolean samplesPolls() {
    return config.slowPolls().isOn();
  }

  @Override
  public void forEach(Consumer<? super Task<?>> visitor) {
    owned.forEach(visitor);
    detached.forEach(visitor);
    blocking.snapshot().forEach(visitor);
  }

  @Override
  public void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor) {
    threads.forEachPolled(visitor);
  }
}
