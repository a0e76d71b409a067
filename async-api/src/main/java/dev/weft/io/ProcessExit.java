package dev.weft.io;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The exit of a process, for one who waits for it. Cancelled, it has its outcome at once and is
 * finished when the process is gone, which it has killed. One that is asked to stop, by the method
 * that awaits it, ends as cancelled then; if the process had exited by itself, with its exit code.
 */
final class ProcessExit extends Task<Integer> {
  private final CompletableFuture<Integer> exited;
  private final Killing killing;

  /** The process is to be killed for this. */
  private volatile boolean stopped;

  /** And has exited. */
  private volatile boolean ended;

  ProcessExit(CompletableFuture<Integer> exited, Killing killing) {
    this.exited = exited;
    this.killing = killing;
  }

  ProcessExit begin() {
    exited.whenComplete(
        (code, never) -> {
          if (stopped) {
            killing.begin().whenComplete((nothing, gone) -> end(null));
          } else {
            end(code);
          }
        });
    return this;
  }

  private void end(@Nullable Integer code) {
    ended = true;
    if (code == null) {
      super.cancel(false); // and if it has an outcome already, who awaits it is still to be woken
    } else {
      super.complete(code);
    }
  }

  private void kill() {
    if (!exited.isDone()) {
      stopped = true;
      killing.begin();
    }
  }

  @Override
  public boolean isFinished() {
    return ended && isDone();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return settled(super.cancel(mayInterruptIfRunning));
  }

  @Override
  public boolean complete(@Nullable Integer code) {
    return settled(super.complete(code));
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return settled(super.completeExceptionally(error));
  }

  private boolean settled(boolean now) {
    if (now) {
      kill();
    }
    return now;
  }

  @Override
  protected boolean stop() {
    kill();
    return true;
  }

  /** {@inheritDoc} Its executor was halted: nobody waits for the process any more. */
  @Override
  protected void onAbandoned() {
    kill();
  }
}
