package dev.weft.frame;

import dev.weft.AsyncExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The executor's side of a thread that polls tasks: the executor they belong to and what is left of
 * the running task's coop budget. All state is confined to the thread itself.
 */
public abstract class Carrier {
  /**
   * Ready awaits that one poll may run through before it must let others run. Tokio's figure
   * (tokio/src/task/coop: {@code Budget::initial}).
   */
  public static final int COOP_BUDGET = 128;

  private int budget = COOP_BUDGET;

  /** The executor whose tasks run on this thread. */
  public abstract AsyncExecutor executor();

  /** The carrier of the calling thread, or null outside any executor. */
  public static @Nullable Carrier current() {
    return Thread.currentThread() instanceof CarrierThread thread ? thread.carrier() : null;
  }

  /** Gives the task that is about to be polled its full budget. Called by the executor. */
  public final void resetBudget() {
    budget = COOP_BUDGET;
  }

  /** Takes one unit of the running task's budget; false when it is spent. */
  final boolean spendBudget() {
    if (budget == 0) {
      return false;
    }
    budget--;
    return true;
  }

  /**
   * Called when a ready await had to suspend because the budget was spent. For metrics; does
   * nothing by default.
   */
  protected void onForcedYield() {}
}
