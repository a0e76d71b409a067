package dev.weft.node.phase;

import dev.weft.node.turn.Turn;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The phase between timers and idle: callbacks that the last poll has put off, so that a flood from
 * other threads cannot hold the loop in its poll. Confined to the loop's thread.
 */
public final class PendingPhase {
  private final Turn turn;
  private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();

  PendingPhase(Turn turn) {
    this.turn = turn;
  }

  void add(Runnable callback) {
    callbacks.add(callback);
  }

  /** Takes one callback without running it: the loop has ended. */
  public @Nullable Runnable poll() {
    return callbacks.poll();
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
