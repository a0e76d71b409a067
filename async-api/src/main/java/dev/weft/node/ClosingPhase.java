package dev.weft.node;

import java.util.ArrayDeque;

/**
 * The last phase: the callbacks of what was closed in this iteration, such as a worker that has
 * ended. Confined to the loop's thread.
 */
final class ClosingPhase {
  private final EventLoop loop;
  private final ArrayDeque<Runnable> callbacks = new ArrayDeque<>();

  ClosingPhase(EventLoop loop) {
    this.loop = loop;
  }

  void add(Runnable callback) {
    callbacks.add(callback);
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
