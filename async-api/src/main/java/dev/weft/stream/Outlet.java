package dev.weft.stream;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where those who run ahead of a consumer put what they have for it, in the order in which it
 * comes. Any thread may put and end, under the lock; one may take. Signals are given without the
 * lock.
 */
final class Outlet<E> {
  private final Queue<E> queue = new ArrayDeque<>();

  /** So many may be here; one who puts more is to wait. */
  private final int room;

  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable Signal reader;

  /** How many have to be here before the reader is told. */
  private int wanted;

  /** The reader is to look again, whatever is here. */
  private boolean nudged;

  private @Nullable Signal writer;

  Outlet(int room) {
    this.room = room;
  }

  /**
   * Puts one at the end.
   *
   * @return what the writer has to wait for before it puts another one; null for nothing
   */
  @Nullable Signal put(E element) {
    Signal waiting = null;
    Signal full = null;
    synchronized (this) {
      queue.add(element);
      if (queue.size() >= wanted) {
        waiting = reader;
        reader = null;
      }
      if (queue.size() >= room) {
        full = new Signal();
        writer = full;
      }
    }
    Signal.giveIfAny(waiting);
    return full;
  }

  /** Nothing more is put. What is here is taken before the failure comes out. */
  void end(@Nullable Throwable error) {
    Signal waiting;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      failure = error;
      waiting = reader;
      reader = null;
    }
    Signal.giveIfAny(waiting);
  }

  /**
   * What came first.
   *
   * @return null at the end, {@link Intake#WAIT} if there is nothing
   */
  @Nullable Object take() throws Exception {
    E first;
    Signal space = null;
    synchronized (this) {
      first = queue.poll();
      if (first == null) {
        if (!ended) {
          return Intake.WAIT;
        }
        throwFailure();
        return null;
      }
      if (queue.size() < room) {
        space = writer;
        writer = null;
      }
    }
    Signal.giveIfAny(space);
    return first;
  }

  private void throwFailure() throws Exception {
    Throwable error = failure;
    failure = null;
    if (error instanceof Exception exception) {
      throw exception;
    }
    if (error instanceof Error fatal) {
      throw fatal;
    }
  }

  /** What came first, and stays; null if there is nothing. */
  synchronized @Nullable E peek() {
    return queue.peek();
  }

  synchronized int size() {
    return queue.size();
  }

  synchronized boolean isEnded() {
    return ended;
  }

  /** To be awaited until so many are here, or there is another reason to look. By who takes. */
  CompletableFuture<?> change(int enough) {
    synchronized (this) {
      if (queue.size() < enough && !ended && !nudged) {
        Signal waiting = new Signal();
        reader = waiting;
        wanted = enough;
        return waiting;
      }
      nudged = false;
    }
    return Signal.given();
  }

  /** Has who takes look again. */
  void nudge() {
    Signal waiting;
    synchronized (this) {
      waiting = reader;
      reader = null;
      nudged = waiting == null;
    }
    Signal.giveIfAny(waiting);
  }
}
