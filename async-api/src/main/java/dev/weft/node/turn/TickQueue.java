package dev.weft.node.turn;

import java.util.ArrayDeque;

/**
 * What {@code process.nextTick} was given, and the order in which ticks, microtasks and rejections
 * are worked off between two callbacks. The control flow is that of Node's {@code
 * lib/internal/process/task_queues.js}. Confined to the loop's thread.
 */
public final class TickQueue {
  private final Turn turn;
  private final MicrotaskQueue microtasks;
  private final Rejections rejections;
  private final ArrayDeque<Runnable> ticks = new ArrayDeque<>();

  /**
   * Node's {@code kHasTickScheduled}: set by the first tick, reset when all is drained. After a
   * tick that threw it stays, so that the next drain begins with the ticks that are left.
   */
  private boolean scheduled;

  TickQueue(Turn turn, MicrotaskQueue microtasks, Rejections rejections) {
    this.turn = turn;
    this.microtasks = microtasks;
    this.rejections = rejections;
  }

  /** Adds a tick. */
  public void add(Runnable tick) {
    ticks.add(tick);
    scheduled = true;
  }

  /** True if a drain would find something. */
  boolean hasWork() {
    return scheduled || rejections.hasWork() || !microtasks.isEmpty();
  }

  /**
   * Works all three queues off, as after every callback. Without ticks the microtasks come first; a
   * tick that they add comes after the last of them.
   *
   * @return false if a tick threw; it is reported then, and what it left is for the next drain
   */
  boolean drain() {
    if (!scheduled && !rejections.hasWork()) {
      microtasks.run();
    }
    return (!scheduled && !rejections.hasWork()) || drainTicksFirst();
  }

  /** As {@link #drain}, ticks first: after the main script. */
  boolean drainTicksFirst() {
    do {
      for (Runnable tick; !turn.isStopped() && (tick = ticks.poll()) != null; ) {
        try {
          tick.run();
        } catch (Throwable error) {
          turn.uncaught(error);
          return false;
        } finally {
          turn.makeProgress();
        }
      }
      microtasks.run();
    } while (!turn.isStopped() && (!ticks.isEmpty() || rejections.report()));
    scheduled = false;
    rejections.reset();
    return true;
  }
}
