package dev.weft.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * What the streams of a connection want of its loop. It is done in one go for all that want
 * something at about the same time, and what they write is sent at the end of that: a call of the
 * system for each would cost more than all else of it.
 *
 * <pre>
 *   stream: adds its turn, then asks {@link #asked};   the loop, if that was not set, is told
 *   loop:   clears {@link #asked}, then takes turns until there are none
 * </pre>
 *
 * So a turn is either found or is the first to ask again.
 */
final class ConnectionLoop {
  /** Taken in one go. Guessed: what goes on and on must not keep the loop from its sockets. */
  private static final int AT_ONCE = 256;

  /** What a stream wants. */
  @FunctionalInterface
  interface Turn {
    /** On the loop. */
    void take();

    /**
     * Instead, if there is no loop any more: the executor was closed, and all channels with it.
     * Most have nothing to do then.
     */
    default void refuse() {}
  }

  private final Executor loop;
  private final BooleanSupplier hasEnded;
  private final Runnable flush;
  private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  /** Confined to the loop. */
  private final List<Runnable> afterSending = new ArrayList<>();

  /**
   * @param hasEnded whether the loop has: it may do so while it is told of a turn
   * @param flush sends what was written; on the loop
   */
  ConnectionLoop(Executor loop, BooleanSupplier hasEnded, Runnable flush) {
    this.loop = loop;
    this.hasEnded = hasEnded;
    this.flush = flush;
  }

  /** From any thread; those of one thread are taken in order. */
  void add(Turn turn) {
    turns.add(turn);
    ask();
  }

  /** Does something when that is sent which is written in this turn, or was tried to. */
  void afterSending(Runnable action) {
    afterSending.add(action);
  }

  private void ask() {
    if (asked.get() || !asked.compareAndSet(false, true)) {
      return;
    }
    boolean told;
    try {
      loop.execute(this::takeTurns);
      told = !hasEnded.getAsBoolean();
    } catch (RejectedExecutionException ended) {
      told = false;
    }
    if (!told) {
      asked.set(false); // who adds one from here on is refused by himself
      for (Turn turn; (turn = turns.poll()) != null; ) {
        turn.refuse();
      }
    }
  }

  private void takeTurns() {
    asked.set(false);
    int left = AT_ONCE;
    try {
      for (Turn turn; left > 0 && (turn = turns.poll()) != null; left--) {
        turn.take();
      }
    } finally {
      try {
        flush.run();
        afterSending.forEach(Runnable::run);
      } finally {
        afterSending.clear();
        if (!turns.isEmpty()) {
          ask();
        }
      }
    }
  }
}
