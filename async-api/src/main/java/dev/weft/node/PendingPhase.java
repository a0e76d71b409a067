package dev.weft.node;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The phase between timers and idle: callbacks that the last poll has put off, so that a flood from
 * other threads cannot hold the loop in its poll. Confined to the loop's thread.
 */
final class PendingPhase {
  private final EventLoop loop;
  private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();

  PendingPhase(EventLoop loop) {
    this.loop = loop;
  }

  void add(Runnable callback) {
    callbacks.add(callback);
  }

  /** Takes one callback without running it: the loop has ended. */
  @Nullable Runnable poll() {
    return callbacks.poll();
  }

  boolean isEmpty() {
    return callbacks.isEmpty();
  }

  void run() {
    for (int left = callbacks.size(); left > 0 && !loop.isStopped(); left--) {
      loop.call(callbacks.remove());
    }
  }
}
