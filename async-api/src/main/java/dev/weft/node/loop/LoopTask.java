package dev.weft.node.loop;

import dev.weft.frame.Spawn;
import dev.weft.frame.SpawnSite;
import dev.weft.frame.StateText;
import dev.weft.scheduler.task.TaskLabel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RunnableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task that was started on the loop, which answers for it: it is completed whatever happens.
 *
 * @param <T> the type of its result
 */
public final class LoopTask<T extends @Nullable Object> extends Spawn<T>
    implements RunnableFuture<T> {
  private static final VarHandle LABEL;

  static {
    try {
      LABEL = MethodHandles.lookup().findVarHandle(LoopTask.class, "label", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EventLoop loop;

  /** A {@link TaskLabel}, or the origin to make one from. */
  private volatile Object label;

  /** Whoever started it on another thread may look at its outcome there, unseen by the loop. */
  final boolean startedOutside;

  boolean started;

  /**
   * A task that has not been started.
   *
   * @param name for reports; null for none
   * @param origin the class that the task is named after in reports, if nothing is known of where
   *     it is spawned
   */
  public LoopTask(
      EventLoop loop,
      @Nullable String name,
      Class<?> origin,
      Callable<? extends CompletionStage<T>> body) {
    super(loop.executor(), body);
    this.loop = loop;
    String site = SpawnSite.take(body);
    Object from = site != null ? site : origin;
    this.label = name == null ? from : new TaskLabel(name, from);
    this.startedOutside = !loop.isOnThread();
  }

  @Override
  protected void onEnd() {
    super.onEnd();
    loop.ended(this);
  }

  /** True if the task is yet to be given to {@link EventLoop#start}. */
  public boolean isUnstarted() {
    return !started && !isDone();
  }

  private TaskLabel label() {
    Object before = label;
    if (before instanceof TaskLabel made) {
      return made;
    }
    TaskLabel made = new TaskLabel(null, before);
    // Not under a monitor: it may be asked for while the task fails, and anybody may hold that.
    return LABEL.compareAndSet(this, before, made) ? made : (TaskLabel) label;
  }

  private Object origin() {
    return label instanceof TaskLabel made ? made.origin() : label;
  }

  @Override
  public long id() {
    return label().id;
  }

  @Override
  public @Nullable String name() {
    return label instanceof TaskLabel made ? made.name() : null;
  }

  @Override
  public @Nullable String spawnSite() {
    return origin() instanceof String site ? site : null;
  }

  @Override
  public String codeName() {
    return TaskLabel.codeName(origin());
  }

  @Override
  public String describe() {
    return label instanceof TaskLabel made ? made.describe() : TaskLabel.describe(label);
  }

  @Override
  public String toString() {
    return "task " + describe() + StateText.of(this, StateText.ofFuture(super.toString()));
  }
}
