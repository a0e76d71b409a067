package dev.weft.handoff;

import dev.weft.Task;
import dev.weft.frame.Settled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue between an I/O loop, which puts items in, and one task at a time, which takes
 * them out: what a connection has received, what a listener has accepted, for several loops.
 *
 * <p>Everything may be called by any thread. The bound is soft: the queue says when it is full
 * ({@link #isFull}, {@link #onFullChanged}) and the loop stops its source; what the source had in
 * hand is still taken in.
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
 * <h2>Takers that want more than one item, or a part of one</h2>
 *
 * A {@link Taker} absorbs items as they come, under the lock, until it has enough, and leaves what
 * it does not need at the head. One that is cancelled before it has enough is found when the queue
 * is looked at next, by whoever does; what it had absorbed goes back to the head then, before
 * anything else is taken.
 *
 * @param <T> the type of the items
 */
public abstract class HandOff<T> extends ItemHooks<T> {
  private static final int NOTHING = 0;
  private static final int DELIVERY = 1;
  private static final int REOPENED = 2;

  private final int limit;
  private final ArrayDeque<T> items = new ArrayDeque<>(0);
  private int held;
  private boolean full;
  private boolean delivering;
  private @Nullable Taker<T, ?> waiting;

  // What a look has found. While somebody is delivering no other look writes it, so that one reads
  // it without the lock; else it is guarded by this.
  private @Nullable Taker<T, ?> served;
  private boolean enough;
  private @Nullable Supplier<? extends @Nullable Throwable> reason;

  /** What takers get once the items are used up: null (the end) or a failure. */
  private @Nullable Supplier<? extends @Nullable Throwable> end;

  private boolean closed;

  /** Empty, and full with so much in it. */
  protected HandOff(int limit) {
    this.limit = limit;
  }

  /** True from the moment the limit is reached until half of it is free again. */
  public final synchronized boolean isFull() {
    return full;
  }

  public final synchronized boolean isClosed() {
    return closed;
  }

  /** The weight of what is here, of what a taker that waits has absorbed too. */
  public final synchronized int held() {
    reclaim();
    return waiting == null ? held : held + waiting.absorbed();
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
      if (isBusy()) {
        return Settled.failure(new IllegalStateException(busy()));
      }
      reclaim();
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
        boolean before = full;
        subtract(item);
        reopened = before && !full;
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

  /**
   * Takes what a taker wants, as {@link #take()} does.
   *
   * @param taker a new one, of this queue
   * @return the taker, or a task that has failed because another one waits
   */
  public final <R extends @Nullable Object> Task<R> take(Taker<T, R> taker) {
    boolean fed = false;
    boolean over = false;
    boolean reopened;
    Supplier<? extends @Nullable Throwable> why;
    synchronized (this) {
      if (isBusy()) {
        return Settled.failure(new IllegalStateException(busy()));
      }
      reclaim();
      boolean before = full;
      why = end;
      if (!delivering) {
        fed = feed(taker);
        over = !fed && why != null;
      }
      if (fed || over) {
        delivering = true;
      } else {
        waiting = taker;
      }
      reopened = before && !full;
    }
    if (fed || over) {
      deliver(finish(taker, fed, why)); // to who has come meanwhile
    } else {
      onWaiting();
    }
    if (reopened) {
      onFullChanged();
    }
    return taker;
  }

  /** Puts an item in. */
  public final void put(T item) {
    boolean refused;
    int seen = NOTHING;
    synchronized (this) {
      refused = closed;
      if (!refused) {
        seen = add(item);
      }
    }
    if (refused) {
      discard(item);
      return;
    }
    deliver(seen);
    // Only now: a taker that waited has emptied the queue. Read without the lock, it counts this
    // put and those before; what is given back at the same time, it or the next put finds.
    if (held >= limit) {
      fill();
    }
  }

  /** Under the lock. Past the queue if there is nothing in it and somebody waits. */
  private int add(T item) {
    Taker<T, ?> taker = waiting;
    if (taker == null || delivering || end != null || !items.isEmpty() || taker.isDone()) {
      items.add(item);
      held += weigh(item);
      return look();
    }
    return absorb(taker, item) ? serve(taker, true) : NOTHING;
  }

  private void fill() {
    boolean filled;
    synchronized (this) {
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
    Taker<T, ?> failed;
    T refused;
    synchronized (this) {
      failed = waiting;
      waiting = null;
      refused = failed == null ? null : restore(failed);
    }
    if (refused != null) {
      discard(refused);
    }
    if (failed != null) {
      failed.completeExceptionally(reason.get());
    }
  }

  /** Takes all that is here at once, for somebody who takes the place of the takers. */
  public final List<T> takeAll() {
    List<T> taken;
    boolean reopened;
    synchronized (this) {
      reclaim();
      boolean before = full;
      taken = new ArrayList<>(items.size());
      for (T item; (item = items.poll()) != null; ) {
        subtract(item);
        taken.add(item);
      }
      reopened = before && !full;
    }
    if (reopened) {
      onFullChanged();
    }
    return taken;
  }

  /** Discards what is here and what still comes; takers get the reason given. */
  public final void close(Supplier<? extends @Nullable Throwable> reason) {
    List<T> discarded;
    synchronized (this) {
      if (closed) {
        return;
      }
      reclaim();
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
    deliver(lockAndLook());
  }

  /** The same, after a first {@link #look}. What may throw comes when no taker is found by one. */
  private void deliver(int first) {
    int seen = first;
    boolean reopened = (seen & REOPENED) != 0;
    while ((seen & DELIVERY) != 0) {
      seen = finish(Objects.requireNonNull(served), enough, reason);
      reopened |= (seen & REOPENED) != 0;
    }
    if (reopened) {
      onFullChanged();
    }
  }

  private synchronized int lockAndLook() {
    return look();
  }

  /**
   * Under the lock: whether a taker is to be ended, which {@link #served}, {@link #enough} and
   * {@link #reason} say of it then, and whether the queue is full no more.
   */
  private int look() {
    if (delivering) {
      return NOTHING; // whoever is delivering looks again when it is done
    }
    reclaim();
    Taker<T, ?> taker = waiting;
    if (taker == null) {
      return NOTHING;
    }
    boolean before = full;
    boolean fed = feed(taker);
    int seen = before && !full ? REOPENED : NOTHING;
    return fed || end != null ? seen | serve(taker, fed) : seen;
  }

  /** Under the lock: a taker is to be ended, by {@link #finish}. */
  private int serve(Taker<T, ?> taker, boolean fed) {
    waiting = null;
    delivering = true;
    served = taker;
    enough = fed;
    reason = end;
    return DELIVERY;
  }

  /**
   * Ends a taker that is {@link #delivering}; without the lock. What it does not take goes back.
   * Returns what a {@link #look} has seen afterwards.
   */
  private int finish(
      Taker<T, ?> taker, boolean enough, @Nullable Supplier<? extends @Nullable Throwable> reason) {
    boolean took;
    try {
      if (enough) {
        took = taker.enough();
      } else {
        Throwable failure = reason == null ? null : reason.get();
        took = failure == null ? taker.endOfItems() : taker.fail(failure);
      }
    } catch (Throwable broken) { // no memory for the result, say: what was absorbed goes back
      took = taker.fail(broken);
    }
    T refused;
    synchronized (this) {
      delivering = false;
      served = null;
      refused = took ? null : restore(taker);
      if (refused == null) {
        return look();
      }
    }
    discard(refused);
    return lockAndLook();
  }

  /** Under the lock: lets a taker absorb items until it has enough, which it says then. */
  private boolean feed(Taker<T, ?> taker) {
    for (T item; (item = items.poll()) != null; ) {
      subtract(item);
      if (absorb(taker, item)) {
        return true;
      }
    }
    return false;
  }

  private boolean absorb(Taker<T, ?> taker, T item) {
    if (!taker.absorb(item)) {
      return false;
    }
    T rest = taker.rest();
    if (rest != null) {
      putFirst(rest);
    }
    return true;
  }

  /** Under the lock: whether a taker waits that is not over yet. */
  private boolean isBusy() {
    return waiting != null && !waiting.isDone();
  }

  /** Under the lock: has what a taker that was cancelled had absorbed at the head again. */
  private void reclaim() {
    if (waiting != null && waiting.isDone()) {
      restore(waiting);
      waiting = null;
    }
  }

  /** Under the lock. Returns what cannot go back because the queue is closed. */
  private @Nullable T restore(Taker<T, ?> taker) {
    T absorbed = taker.undo();
    if (absorbed == null || closed) {
      return absorbed;
    }
    putFirst(absorbed);
    return null;
  }

  private void putFirst(T item) {
    items.addFirst(item);
    held += weigh(item);
  }

  /**
   * The item's task was abandoned before its result was looked at: the next taker gets the item.
   */
  void giveBack(T item) {
    boolean refused;
    synchronized (this) {
      refused = closed;
      if (!refused) {
        reclaim();
        putFirst(item);
      }
    }
    if (refused) {
      discard(item);
    } else {
      deliver();
    }
  }

  /** Under the lock. */
  private void subtract(T item) {
    held -= weigh(item);
    if (full && held <= limit / 2) {
      full = false;
    }
  }

  private static <T> Task<@Nullable T> ended(Supplier<? extends @Nullable Throwable> reason) {
    Throwable failure = reason.get();
    return failure == null ? Settled.value(null) : Settled.failure(failure);
  }
}
