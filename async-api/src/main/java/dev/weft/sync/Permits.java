package dev.weft.sync;

import dev.weft.Task;
import dev.weft.handoff.WaitQueue;
import dev.weft.handoff.Waiting;
import dev.weft.select.Claim;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits, and a queue of those who want some. All that this package's locks have in
 * common: a mutex is one permit; a writer takes all of those of which a reader takes one. The idea
 * is that of Tokio's batch semaphore; there the waiters are counted by the queue alone, here a bit
 * beside the permits says that there are any, so that who gives permits back need not look at the
 * queue under its lock when nobody waits.
 *
 * <h2>Who touches what</h2>
 *
 * <pre>
 *   state = permits * 2 + WAITED
 *
 *   not WAITED:  anybody, by compare-and-set: acquire subtracts, release adds
 *   -&gt; WAITED    whoever has the lock, by an atomic or
 *   WAITED:      whoever has the lock, and nobody else: a compare-and-set of the others expects the
 *                bit not to be there
 *   -&gt; not       whoever has the lock, if nobody waits
 * </pre>
 *
 * The lock is the monitor of the queue. What happens under it is short and bounded by what is
 * granted, and calls nobody: who was granted something is told afterwards ({@link Deliveries}).
 *
 * <h2>Why no wake-up is lost</h2>
 *
 * Permits come while one is about to wait:
 *
 * <pre>
 *   who wants some                          who gives back
 *   sees 0 permits                          compare-and-set 0 -&gt; 1 permits
 *   lock; sets WAITED, and finds 1 permit   (done)
 *   takes it after all; unlock
 *
 *   lock; sets WAITED; finds 0 permits
 *   joins the queue; unlock                 compare-and-set 0 -&gt; 1 fails, or WAITED was seen:
 *                                           lock; adds 1; grants to the first in the queue
 * </pre>
 *
 * One word says both how many there are and whether anybody waits, so there is no third order.
 *
 * <p>While somebody waits, WAITED keeps everybody else from barging in, also where there are
 * permits left but not as many as the first wants: it stands at the head of the line for all. When
 * it is withdrawn, those behind it are looked at again ({@link #onWithdrawn}).
 *
 * <p>One who is withdrawn at the moment in which it would be granted something: {@link
 * Waiting#claim} decides, by compare-and-set. If it was too late, no permits are taken for it. If
 * the withdrawal was too late, it gets them; and where that reaches nobody any more they come back
 * by {@code giveBack}, as by any release.
 */
final class Permits {
  private static final long WAITED = 1;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Permits.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What they are the permits of. */
  final Object owner;

  /**
   * What those have who keep others from going on, where each of them does: a lock's guards. None
   * for permits of which one can do without some.
   */
  List<Object> guards = List.of();

  private final long most;
  private final boolean saturating;

  /** Also the lock. */
  private final WaitQueue<Object> queue = new WaitQueue<>();

  private volatile long state;

  /** How many permits are given back without having been taken; see {@link #owe}. */
  private int owed;

  /**
   * Permits of which nobody has any yet.
   *
   * @param owner whose they are, for reports
   * @param number how many there are
   * @param most how many there can be
   * @param saturating whether more than that are dropped, or are an error
   */
  Permits(Object owner, int number, int most, boolean saturating) {
    this.owner = owner;
    this.most = (long) most << 1;
    this.saturating = saturating;
    this.state = (long) number << 1;
  }

  /** How many there are, now or a moment ago. */
  int available() {
    return (int) (state >>> 1);
  }

  // ---- who wants some

  /** Takes permits; what is returned is complete if there were enough and nobody waited. */
  <G extends @Nullable Object> Task<G> acquire(Ready<G> ready) {
    long taken = (long) ready.number << 1;
    for (long before; ((before = state) & WAITED) == 0 && before >= taken; ) {
      if (STATE.compareAndSet(this, before, before - taken)) {
        return ready;
      }
    }
    return enqueue(ready, null);
  }

  /** Takes permits if there are enough and nobody waits. */
  boolean tryAcquire(int number) {
    long taken = (long) number << 1;
    for (long before; ((before = state) & WAITED) == 0; ) {
      if (before < taken) {
        return false;
      }
      if (STATE.compareAndSet(this, before, before - taken)) {
        return true;
      }
    }
    synchronized (queue) { // somebody waits, or is only looking
      mark();
      return takeOrSettle(number, null, null);
    }
  }

  /** As {@link #acquire}; of a select if there is a claim, which is won before any are taken. */
  <G extends @Nullable Object> Task<G> enqueue(Ready<G> ready, @Nullable Claim claim) {
    Wanting<G> wanting = new Wanting<>(this, ready.number, ready.guard, claim);
    synchronized (queue) {
      mark();
      if (!queue.isEmpty() || state >>> 1 < ready.number) {
        queue.add(generic(wanting));
        return wanting;
      }
      // Another one has the claim: it waits nowhere, and is about to be cancelled.
      return takeOrSettle(ready.number, claim, wanting) ? ready : wanting;
    }
  }

  /** Under the lock, with WAITED set. */
  private boolean takeOrSettle(int number, @Nullable Claim claim, @Nullable Object winner) {
    long free = state >>> 1;
    boolean taken =
        queue.isEmpty() && free >= number && (claim == null || winner == null || claim.win(winner));
    settle(taken ? free - number : free);
    return taken;
  }

  /** Puts one into the queue, and grants what can be granted. For {@link AsyncCondition}. */
  void enqueue(Wanting<?> wanting, Granted granted) {
    synchronized (queue) {
      mark();
      queue.add(generic(wanting));
      grant(state >>> 1, granted);
    }
  }

  /** One of the queue has withdrawn: others, who want less, may go on. */
  void onWithdrawn(Wanting<?> wanting) {
    Granted granted = new Granted();
    synchronized (queue) {
      if (!queue.remove(generic(wanting))) {
        return; // who was about to grant it something has taken it out
      }
      grant(state >>> 1, granted);
    }
    Deliveries.deliver(granted.first());
  }

  // ---- who gives them back

  /**
   * Gives permits back, to those who wait if there are any.
   *
   * @throws IllegalStateException if there would be more than there can be
   */
  void release(int number) {
    long given = (long) number << 1;
    for (long before; ((before = state) & WAITED) == 0; ) {
      long after = before + given;
      if (after > most) {
        if (!saturating) {
          throw tooMany();
        }
        after = most; // written even so: who takes it sees what happened before this call
      }
      if (STATE.compareAndSet(this, before, after)) {
        return;
      }
    }
    Deliveries.deliver(releaseToQueue(number));
  }

  private @Nullable Queued<?> releaseToQueue(int number) {
    Granted granted = new Granted();
    synchronized (queue) {
      mark();
      long free = state >>> 1;
      if (owed > 0) {
        owed--;
      } else if (free + number <= most >>> 1) {
        free += number;
      } else if (saturating) {
        free = most >>> 1;
      } else {
        settle(free);
        throw tooMany();
      }
      grant(free, granted);
    }
    return granted.first();
  }

  private static IllegalStateException tooMany() {
    return new IllegalStateException(
        "more is given back than was taken: a guard was closed that had been closed before");
  }

  /** Grants to all who wait now, whatever they want and without taking anything for it. */
  void releaseAll() {
    if ((state & WAITED) == 0) {
      return;
    }
    Granted granted = new Granted();
    synchronized (queue) {
      mark();
      for (Waiting<Object> next; (next = queue.claimFirst()) != null; ) {
        granted.add((Queued<?>) next);
      }
      settle(state >>> 1);
    }
    Deliveries.deliver(granted.first());
  }

  // ---- under the lock

  /** From here to {@link #settle} the state is ours. */
  private void mark() {
    if ((state & WAITED) == 0) {
      STATE.getAndBitwiseOr(this, WAITED);
    }
  }

  private void settle(long free) {
    state = free << 1 | (queue.isEmpty() && owed == 0 ? 0 : WAITED);
  }

  private void grant(long permits, Granted granted) {
    long free = permits;
    while (queue.peek() instanceof Wanting<?> next && next.number <= free) {
      queue.remove(generic(next));
      if (next.claim()) {
        free -= next.number;
        next.paid = true;
        granted.add(next);
      }
    }
    settle(free);
  }

  @SuppressWarnings("unchecked") // each gets the guard that it was made with
  private static Waiting<Object> generic(Wanting<?> wanting) {
    return (Waiting<Object>) wanting;
  }

  // ---- for AsyncCondition

  /** The lock, for what has to happen together with a change of the queue. */
  Object monitor() {
    return queue;
  }

  /** Under the lock: takes one out of the queue; false if it was granted what it wanted. */
  boolean forget(Wanting<?> wanting) {
    if (!queue.remove(generic(wanting))) {
      return false;
    }
    settle(state >>> 1); // it was queued, so WAITED is set
    return true;
  }

  /**
   * Under the lock: one who will give back a permit has none, and will not get it any more. The
   * next permit that is given back, by whomever, is dropped, and so in the end it comes out even.
   */
  void owe() {
    mark();
    owed++;
  }
}
