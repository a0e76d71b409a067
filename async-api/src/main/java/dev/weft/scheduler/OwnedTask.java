package dev.weft.scheduler;

import dev.weft.frame.Settled;
import dev.weft.frame.Spawn;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A task that an executor started and so answers for: {@code close} finds it. It is linked into the
 * executor's {@link OwnedTasks} from its start to the end of its body.
 *
 * @param <T> the type of the task's result
 */
public final class OwnedTask<T extends @Nullable Object> extends Spawn<T>
    implements RunnableFuture<T> {
  /** A {@link TaskLabel}, or the class to make one from. Changes under this task's monitor. */
  private volatile Object label;

  /** The list that this task is in; set before the task is queued, taken by who ends it. */
  OwnedTasks.@Nullable Shard shard;

  private boolean operation;

  /** The neighbours in that list, guarded by it. */
  @Nullable OwnedTask<?> previous;

  @Nullable OwnedTask<?> following;

  /**
   * A task that has not been started.
   *
   * @param origin the class that the task is named after in reports
   */
  public OwnedTask(
      Scheduler scheduler, Class<?> origin, Callable<? extends CompletionStage<T>> body) {
    super(scheduler.executor(), body);
    this.label = origin;
  }

  /** A task that has not been started, with a name. */
  public OwnedTask(
      Scheduler scheduler,
      String name,
      Class<?> origin,
      Callable<? extends CompletionStage<T>> body) {
    super(scheduler.executor(), body);
    this.label = new TaskLabel(name, origin);
  }

  /** A blocking call that is made on the executor's own thread, to be awaited like any other. */
  static <T extends @Nullable Object> OwnedTask<T> blockingCall(
      Scheduler scheduler, Callable<T> call) {
    OwnedTask<T> task =
        new OwnedTask<>(scheduler, call.getClass(), () -> Settled.value(call.call()));
    task.operation = true;
    return task;
  }

  @Override
  protected boolean isOperation() {
    return operation;
  }

  @Override
  protected void onEnd() {
    super.onEnd();
    OwnedTasks.Shard list = shard;
    if (list != null) {
      shard = null;
      list.remove(this);
    }
  }

  /** True if the task is yet to be given to {@link Scheduler#start(OwnedTask)}. */
  public boolean isUnstarted() {
    return shard == null && !isDone();
  }

  // ---- who it is

  private TaskLabel label() {
    if (label instanceof TaskLabel made) {
      return made;
    }
    synchronized (this) {
      if (label instanceof TaskLabel made) {
        return made;
      }
      TaskLabel made = new TaskLabel(null, (Class<?>) label);
      label = made;
      return made;
    }
  }

  @Override
  public long id() {
    return label().id;
  }

  @Override
  public @Nullable String name() {
    return label instanceof TaskLabel made ? made.name : null;
  }

  /** The task's name in reports: that which it was given, and the class whose code it is. */
  String describe() {
    return label instanceof TaskLabel made ? made.describe() : TaskLabel.describe((Class<?>) label);
  }

  @Override
  public String toString() {
    return "task " + describe() + (isFinished() ? " (finished)" : "");
  }

  // ---- who looks at its failure; see UnheardFailures

  @Override
  protected boolean decideExceptionally(Throwable error) {
    OwnedTasks.Shard list = shard;
    boolean unheard =
        list != null
            && !(error instanceof CancellationException)
            && !(error instanceof RejectedExecutionException && list.isClosed()) // part of the end
            && waiterOf(this) == null
            && getNumberOfDependents() == 0; // one who blocks in get() counts as one
    if (!unheard || list == null || isDone()) {
      return super.decideExceptionally(error);
    }
    // Watched before it is complete: who looks at it looks for the watch after that, and finds it.
    TaskLabel mine = label();
    mine.failure = list.owner().unheard().watch(this, "task " + mine.describe(), error);
    boolean completed = super.decideExceptionally(error);
    if (!completed) {
      heard();
    }
    return completed;
  }

  private void heard() {
    if (label instanceof TaskLabel made && made.failure != null) {
      UnheardFailures.Failure failure = made.failure;
      made.failure = null;
      if (failure != null) {
        failure.heard();
      }
    }
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    heard();
    return super.newIncompleteFuture();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    try {
      return super.get();
    } finally {
      heard();
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return super.get(timeout, unit);
    } finally {
      heard();
    }
  }

  @Override
  public T join() {
    try {
      return super.join();
    } finally {
      heard();
    }
  }

  @Override
  public T getNow(T valueIfAbsent) {
    try {
      return super.getNow(valueIfAbsent);
    } finally {
      heard();
    }
  }
}
