package dev.weft.scheduler;

import dev.weft.frame.Spawn;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RunnableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task that an executor started and so answers for: {@code close} finds it. It is linked into the
 * executor's {@link OwnedTasks} from its start to the end of its body.
 *
 * @param <T> the type of the task's result
 */
public final class OwnedTask<T extends @Nullable Object> extends Spawn<T>
    implements RunnableFuture<T> {
  /** What stands in the code where the task comes from, for people. */
  private final Class<?> origin;

  /** The list that this task is in; set before the task is queued, taken by who ends it. */
  OwnedTasks.@Nullable Shard shard;

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
    this.origin = origin;
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

  /** The task's name in reports: the class whose code started it. */
  String describe() {
    String name = origin.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
  }
}
