package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.jfr.FlightSwitch;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The task that {@link AsyncExecutor#spawn} returns: a frame whose body is to call something that
 * returns a stage.
 *
 * <pre>{@code
 * Task<Void> task = executor.spawn("reader", () -> echo(socket));
 * boolean ownTask = task instanceof Spawn<?>; // a call of echo by itself would be none
 * }</pre>
 */
public class Spawn<T extends @Nullable Object> extends Frame<T> {
  private @Nullable Callable<? extends CompletionStage<T>> body;

  public Spawn(AsyncExecutor executor, Callable<? extends CompletionStage<T>> body) {
    super(executor);
    this.body = body;
  }

  @Override
  protected @Nullable Object resume() {
    Callable<? extends CompletionStage<T>> called = body;
    body = null; // what the lambda captured is garbage once the body is under way
    try {
      return called == null ? null : called.call();
    } catch (Exception error) {
      return Settled.failure(error);
    }
  }

  /** What is to be called; null from the call on. From another thread, a moment old. */
  public final @Nullable Callable<? extends CompletionStage<T>> unstartedBody() {
    return body;
  }

  /** Where it was spawned, as {@link SpawnSite#mark} has it; null if that is not known. */
  public @Nullable String spawnSite() {
    return null;
  }

  /**
   * The name of the class whose code it is, for a task that is not known to be spawned anywhere.
   */
  public String codeName() {
    return getClass().getName();
  }

  /** For people: what it is called, and where it comes from. */
  public String describe() {
    return getClass().getName();
  }

  /**
   * Tells the Flight Recorder that this task was spawned. Called by its executor, if there is a
   * recording, when it has accepted the task and not queued it yet.
   */
  public final void recordSpawn() {
    FrameEvents.spawned(this);
  }

  /** Its executor waits for its end. */
  @Override
  boolean isLinkable() {
    return false;
  }

  /** True if it stands for one operation of who awaits it, and so has no life of its own. */
  protected boolean isOperation() {
    return false;
  }

  @Override
  final boolean isChained() {
    return isOperation();
  }

  @Override
  protected void onEnd() {
    body = null; // if it was never called
    if (FlightSwitch.isOn()) {
      FrameEvents.ended(this);
    }
  }
}
