package dev.weft.handoff;

import dev.weft.Task;
import dev.weft.frame.Settled;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between the I/O loop, which puts items in, and one task at a time, which takes
 * them out: what a connection has received, what a listener has accepted.
 *
 * <p>{@link #put} is called by the loop's thread alone; everything else by any thread. The bound is
 * soft: the queue says when it is full ({@link #isFull}, {@link #onFullChanged}) and the loop stops
 * its source; what the source had in hand is still taken in.
 *
 * <h2>No item is lost</h2>
 *
 * A taker waits as a {@link Taken} in {@link #waiting}. The loop takes it out under the lock and
 * completes it outside, because completing runs whatever the application hung on the task. If
 * somebody cancelled or timed out the task in between, the item goes back to the head of the queue.
 * While an item is on its way ({@link #delivering}) nobody else takes one, so it cannot be
 * overtaken by its successor:
 *
 * <pre>
 *   loop: takes op1 and "A" out       task: cancels op1, takes again
 *         op1.complete("A") fails           must not get "B": waits as op2
 *         "A" back to the head
 *         looks again: op2 gets "A"
 * </pre>
 *
 * @param <T> the type of the items
 */
public abstract class HandOff<T> {
  private final int limit;
  private final ArrayDeque<T> items = new ArrayDeque<>(0);
  private int held;
  private boolean full;
  private boolean delivering;
  private @Nullable Taken<T> waiting;

  /** What takers get once the items are used up: null (the end) or a failure. */
  private @Nullable Supplier<? extends @Nullable Throwable> end;

  private boolean closed;

  /** Empty, and full with so much in it. */
  protected HandOff(int limit) {
    this.limit = limit;
  }

  /** What an item counts towards the limit. */
  protected abstract int weigh(T item);

  /** Frees an item that nobody is going to take. */
  protected abstract void discard(T item);

  /** {@link #isFull} has changed. Called on the thread that changed it, without the lock. */
  protected abstract void onFullChanged();

  /** A taker is about to wait. Called on its thread, without the lock. */
  protected abstract void onWaiting();

  /** The message of the exception that a second taker gets. */
  protected abstract String busy();

  /** True from the moment the limit is reached until half of it is free again. */
  public final synchronized boolean isFull() {
    return full;
  }

  public final synchronized boolean isClosed() {
    return closed;
  }

  /** The weight of what is here. */
  public final synchronized int held() {
    return held;
  }

  /** True while a task waits for an item. */
  public final synchronized boolean isAwaited() {
    return waiting != null && !waiting.isDone();
  }

  /**
   * Takes the next item.
   *
   * @return a task that completes with the item, or with null after the last one; fails with the
   *     reason for which there will be no more, or with {@link IllegalStateException} if another
   *     taker waits
   */
  public final Task<@Nullable T> take() {
    Taken<T> taken;
    T item = null;
    boolean reopened = false;
    synchronized (this) {
      if (waiting != null && !waiting.isDone()) {
        return Settled.failure(new IllegalStateException(busy()));
      }
      if (!delivering) {
        item = items.poll();
        if (item == null && end != null) {
          return ended(end);
        }
      }
      taken = new Taken<>(this);
      if (item == null) {
        waiting = taken;
      } else {
        reopened = subtract(item);
      }
    }
    if (item != null) {
      taken.complete(item);
    } else {
      onWaiting();
    }
    if (reopened) {
      onFullChanged();
    }
    return taken;
  }

  /** Puts an item in. Called by the loop's thread. */
  public final void put(T item) {
    boolean refused;
    synchronized (this) {
      refused = closed;
      if (!refused) {
        items.add(item);
        held += weigh(item);
      }
    }
    if (refused) {
      discard(item);
      return;
    }
    deliver();
    boolean filled;
    synchronized (this) { // only now: a taker that was waiting has emptied the queue again
      filled = !full && held >= limit;
      full |= filled;
    }
    if (filled) {
      onFullChanged();
    }
  }

  /**
   * There will be no more items: takers get what is here and then this. The first reason counts.
   *
   * @param reason makes the failure, a new one for each taker; or null for the end of the items
   */
  public final void end(Supplier<? extends @Nullable Throwable> reason) {
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
    }
    deliver();
  }

  /** Fails the taker that waits, if one does, and nothing else. */
  public final void failWaiting(Supplier<? extends Throwable> reason) {
    Taken<T> failed;
    synchronized (this) {
      failed = waiting;
      waiting = null;
    }
    if (failed != null) {
      failed.completeExceptionally(reason.get());
    }
  }

  /** Discards what is here and what still comes; takers get the reason given. */
  public final void close(Supplier<? extends @Nullable Throwable> reason) {
    List<T> discarded;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      end = reason;
      held = 0;
      discarded = List.copyOf(items);
      items.clear();
    }
    discarded.forEach(this::discard);
    deliver();
  }

  /** Gives items to waiting takers for as long as there are both. */
  private void deliver() {
    for (; ; ) {
      Taken<T> taker;
      T item;
      Supplier<? extends @Nullable Throwable> reason;
      boolean reopened = false;
      synchronized (this) {
        taker = waiting;
        reason = end;
        if (delivering || taker == null) {
          return; // whoever is delivering looks again when it is done
        }
        item = items.poll();
        if (item == null && reason == null) {
          return;
        }
        waiting = null;
        delivering = true;
        reopened = item != null && subtract(item);
      }
      boolean accepted;
      if (item != null) {
        accepted = taker.complete(item);
      } else {
        accepted = true;
        finish(taker, reason);
      }
      putBack(accepted ? null : item);
      if (reopened) {
        onFullChanged();
      }
    }
  }

  private void putBack(@Nullable T item) {
    boolean refused;
    synchronized (this) {
      delivering = false;
      refused = closed;
      if (item != null && !refused) {
        items.addFirst(item);
        held += weigh(item);
      }
    }
    if (item != null && refused) {
      discard(item);
    }
  }

  /**
   * The item's task was abandoned before its result was looked at: the next taker gets the item.
   */
  private void giveBack(T item) {
    boolean refused;
    synchronized (this) {
      refused = closed;
      if (!refused) {
        items.addFirst(item);
        held += weigh(item);
      }
    }
    if (refused) {
      discard(item);
    } else {
      deliver();
    }
  }

  /** Under the lock. True if there is room again. */
  private boolean subtract(T item) {
    held -= weigh(item);
    if (full && held <= limit / 2) {
      full = false;
      return true;
    }
    return false;
  }

  private static <T> Task<@Nullable T> ended(Supplier<? extends @Nullable Throwable> reason) {
    Throwable failure = reason.get();
    return failure == null ? Settled.value(null) : Settled.failure(failure);
  }

  private static <T> void finish(
      Taken<T> taker, @Nullable Supplier<? extends @Nullable Throwable> reason) {
    Throwable failure = reason == null ? null : reason.get();
    if (failure == null) {
      taker.complete(null);
    } else {
      taker.completeExceptionally(failure);
    }
  }

  /** One taker's future item. */
  private static final class Taken<T> extends Returnable<@Nullable T> {
    private final HandOff<T> source;

    Taken(HandOff<T> source) {
      this.source = source;
    }

    @Override
    protected void giveBack(@Nullable T item) {
      if (item != null) {
        source.giveBack(item);
      }
    }
  }
}
