package dev.weft.select;

import dev.weft.Task;

/** What a select does with its operations. */
final class Branches {
  private Branches() {}

  static <T> Task<T> begin(Selectable<T> operation, Claim claim) {
    return operation.start(claim);
  }

  /** True, as a number, if it has won. */
  static int won(Task<?> branch) {
    return branch.isDone() && !branch.isCompletedExceptionally() ? 1 : 0;
  }
}
