package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;

/**
 * What a thread runs its task for after the task has blocked it and another thread has taken the
 * worker: for the same executor, but with no queue of its own.
 */
final class BlockedCarrier extends Carrier {
  private final Scheduler scheduler;

  BlockedCarrier(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public AsyncExecutor executor() {
    return scheduler.executor();
  }

  @Override
  public void beforeBlocking() {
    // Nobody else depends on this thread any more.
  }

  @Override
  public boolean mayBlock() {
    return true;
  }
}
