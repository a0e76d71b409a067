package dev.weft.node;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first phase: timers that are due. The order is Node's ({@code lib/internal/timers.js}): a
 * list per duration, the lists by expiry and then by age; between any two callbacks the ticks and
 * microtasks. The time is read once, so what becomes due during the phase waits for the next.
 *
 * <p>Confined to the loop's thread.
 */
final class TimersPhase {
  static final long NEVER = Long.MAX_VALUE;

  private final EventLoop loop;
  private final Map<Integer, TimerList> lists = new HashMap<>();
  private final TimerHeap heap = new TimerHeap();
  private long lastListId;
  private long nextExpiry = NEVER;
  private int references;

  /** False after a callback or a tick that threw: Node goes straight on to the next timer then. */
  private boolean drainBeforeNext;

  TimersPhase(EventLoop loop) {
    this.loop = loop;
  }

  // ---- starting and clearing

  Timeout start(Runnable callback, int millis, boolean repeats) {
    Timeout timer = new Timeout(loop, callback, millis, repeats);
    references++;
    insert(timer, loop.now());
    return timer;
  }

  private void insert(Timeout timer, long start) {
    timer.start = start;
    TimerList list = lists.get(timer.millis);
    if (list == null) {
      list = new TimerList(timer.millis, start + timer.millis, lastListId++);
      lists.put(timer.millis, list);
      heap.insert(list);
      nextExpiry = Math.min(nextExpiry, list.expiry);
    }
    list.append(timer);
  }

  void clear(Timeout timer) {
    loop.check();
    if (timer.callback == null) {
      return;
    }
    timer.callback = null;
    if (timer.ended) {
      return;
    }
    timer.ended = true;
    TimerList list = timer.list;
    if (list != null) {
      list.remove(timer);
    }
    if (!timer.referenced) {
      return; // Node keeps the empty list of an unreferenced timer until it expires
    }
    references--;
    TimerList emptied = lists.get(timer.millis);
    if (emptied != null && emptied.isEmpty()) {
      heap.remove(emptied);
      lists.remove(emptied.millis);
    }
  }

  void ref(Timeout timer, boolean referenced) {
    loop.check();
    if (timer.referenced != referenced) {
      timer.referenced = referenced;
      if (!timer.ended) {
        references += referenced ? 1 : -1;
      }
    }
  }

  void refresh(Timeout timer) {
    loop.check();
    if (timer.callback == null) {
      return;
    }
    TimerList list = timer.list;
    if (list != null) {
      list.remove(timer);
    }
    insert(timer, loop.now());
    if (timer.ended) {
      timer.ended = false;
      references += timer.referenced ? 1 : 0;
    }
  }

  // ---- the phase

  /** True if some timer keeps the loop alive. */
  boolean isAlive() {
    return references > 0;
  }

  /** True if no timer is set, not even one that does not keep the loop alive. */
  boolean isEmpty() {
    return lists.isEmpty() && heap.peek() == null;
  }

  /** When the phase next has something to do, in the loop's milliseconds. */
  long nextExpiry() {
    return heap.peek() == null ? NEVER : nextExpiry;
  }

  void run() {
    long now = loop.now();
    if (nextExpiry() > now) {
      return;
    }
    drainBeforeNext = false;
    nextExpiry = NEVER;
    boolean ranAny = false;
    for (TimerList list; (list = heap.peek()) != null && !loop.isStopped(); ) {
      if (list.expiry > now) {
        nextExpiry = list.expiry;
        break;
      }
      if (ranAny) { // which may refresh or clear the next list's timers
        drainBeforeNext = false;
        ranAny = false;
        loop.drain();
        continue;
      }
      ranAny = true;
      run(list, now);
    }
    loop.drain();
  }

  private void run(TimerList list, long now) {
    for (Timeout timer; (timer = list.peek()) != null; ) {
      if (loop.isStopped()) {
        return;
      }
      if (now - timer.start < list.millis) { // it was started later than the first of the list
        list.expiry = Math.max(timer.start + list.millis, now + 1);
        list.id = lastListId++;
        heap.sinkTop();
        return;
      }
      if (drainBeforeNext && !loop.drain()) {
        drainBeforeNext = false;
        continue;
      }
      TimerList current = timer.list;
      if (current != null) { // else a tick has cleared it
        current.remove(timer);
      }
      Runnable callback = timer.callback;
      if (callback != null) {
        drainBeforeNext = fire(timer, callback);
      }
    }
    if (lists.get(list.millis) == list) { // else its last timer was cleared, and the list with it
      lists.remove(list.millis);
      heap.remove(list);
    }
  }

  /** False if the callback threw. */
  private boolean fire(Timeout timer, Runnable callback) {
    long start = loop.now();
    Throwable thrown = null;
    try {
      callback.run();
    } catch (Throwable error) {
      thrown = error;
    }
    if (timer.repeats && timer.callback != null) {
      TimerList list = timer.list;
      if (list != null) { // refreshed by its own callback
        list.remove(timer);
      }
      insert(timer, start);
    } else if (timer.list == null && !timer.ended) {
      timer.ended = true;
      references -= timer.referenced ? 1 : 0;
    }
    if (thrown != null) {
      loop.uncaught(thrown);
    }
    return thrown == null;
  }

  /** Hands out the callbacks that will not run: the loop has ended. */
  @Nullable Runnable abandon() {
    for (TimerList list; (list = heap.peek()) != null; ) {
      Timeout timer = list.peek();
      if (timer != null) {
        list.remove(timer);
        timer.ended = true;
        return timer.callback;
      }
      lists.remove(list.millis);
      heap.remove(list);
    }
    references = 0;
    return null;
  }
}
