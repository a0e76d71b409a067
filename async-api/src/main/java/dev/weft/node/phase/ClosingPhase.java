package dev.weft.node.phase;

import dev.weft.node.turn.Turn;
import java.util.ArrayDeque;

/**
 * The last phase: the callbacks of what was closed in this iteration, such as a worker that has
 * ended. Confined to the loop's thread.
 */
public final class ClosingPhase {
  private final Turn turn;
  private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();

  ClosingPhase(Turn turn) {
    this.turn = turn;
  }

  /** Has a callback run in the next phase. */
  public void add(Runnable callback) {
    callbacks.add(callback);
  }

  boolean isEmpty() {
    return callbacks.isEmpty();
  }

  void run() {
    for (int left = callbacks.size(); left > 0 && !turn.isStopped(); left--) {
      turn.call(callbacks.remove());
    }
  }
}
