package dev.weft.handoff;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.util.ArrayList;
import java.util.List;

/** What brings one value after the other, to be handed over by a test. */
final class Nexts {
  private Nexts() {}

  /** Who waits. */
  static final class Next extends Recurring<String> {
    final List<String> returned = new ArrayList<>();
    int withdrawals;

    /** Decides and delivers; false if it does not wait. */
    boolean hand(String value) {
      boolean claimed = claim();
      if (claimed) {
        grant(value);
      }
      return claimed;
    }

    @Override
    protected void onWithdrawn() {
      withdrawals++;
    }

    @Override
    protected void giveBack(String value) {
      returned.add(value);
    }
  }

  /** Who need not wait. */
  static final class There extends Present<String> {
    final List<String> returned = new ArrayList<>();

    static There with(String value) {
      There there = new There();
      there.put(value);
      return there;
    }

    @Override
    protected void giveBack(String value) {
      returned.add(value);
    }
  }

  /** A method that awaits a task and returns what it got. */
  static HandWritten<String> awaiting(AsyncExecutor executor, Task<String> task) {
    HandWritten<String> call =
        new HandWritten<>(
            executor,
            (self, state, awaited) ->
                state == 0 ? self.await(task, 1) : Settled.value(Await.take(awaited)));
    call.run();
    return call;
  }

  static void abandoned(Task<?> task) {
    Held.abandoned(task);
  }
}
