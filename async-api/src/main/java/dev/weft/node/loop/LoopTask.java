package dev.weft.node.loop;

import dev.weft.frame.Spawn;
import dev.weft.frame.StateText;
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
  private final EventLoop loop;

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
    super(loop.executor(), label(name, origin, body), body);
    this.loop = loop;
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

  @Override
  public String toString() {
    return "task " + describe() + StateText.of(this, StateText.ofFuture(super.toString()));
  }
}
