package dev.weft.sync;

import dev.weft.Task;

/** What a frame does that is halted: says that a task's outcome reaches nobody. */
final class Abandoning extends Task<Void> {
  private Abandoning() {}

  static void abandoned(Task<?> task) {
    abandon(task);
  }

  static void askedToStop(Task<?> task) {
    askToStop(task, () -> {});
  }

  static void claimedInVain(Task<?> task) {
    claim(task);
    unclaim(task);
  }
}
