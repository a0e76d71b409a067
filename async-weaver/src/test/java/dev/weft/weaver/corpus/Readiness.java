package dev.weft.weaver.corpus;

/** When the futures that a shape awaits are complete. */
public enum Readiness {
  /** Before the shape gets to see them. */
  READY,
  /** Plain {@code CompletableFuture}s that complete after the shape has begun to wait for them. */
  DEFERRED,
  /** Weft tasks that complete after the shape has begun to wait for them. */
  DEFERRED_TASK,
  /** In turn ready, deferred, ready, a deferred task. */
  ALTERNATING;

  boolean isReady(int index) {
    return this == READY || (this == ALTERNATING && index % 2 == 1);
  }

  boolean isTask(int index) {
    return this == DEFERRED_TASK || (this == ALTERNATING && index % 4 == 0);
  }
}
