package dev.weft.node.timer;

import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.TimerLag;
import dev.weft.node.Timeout;
import dev.weft.node.host.LoopThread;
import dev.weft.node.turn.Turn;
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
public final class TimersPhase {
  /** There is nothing to do, ever. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Node's {@code TIMEOUT_MAX}. */
  public static final int MAX_MILLIS = Integer.MAX_VALUE;

  private final LoopThread thread;
  private final Turn turn;
  private final LoopTime time;
  private final Map<Integer, TimerList> lists = new HashMap<>();
  private final TimerHeap heap = new TimerHeap();
  private long lastListId;
  private long nextExpiry = NEVER;
  private int references;

  /** False after a callback or a tick that threw: Node goes straight on to the next timer then. */
  private boolean drainBeforeNext;

  /** The phase of the loop that these three belong to. */
  public TimersPhase(LoopThread thread, Turn turn, LoopTime time) {
    this.thread = thread;
    this.turn = turn;
    this.time = time;
  }

  // ---- starting and clearing

  /** The duration that a timer really gets: whole milliseconds, and 1 for all outside 1..2^31-1. */
  public static int duration(double millis) {
    return millis >= 1 && millis <= MAX_MILLIS ? (int) millis : 1;
  }

  /**
   * Starts a timer.
   *
   * @param millis from 1 up
   * @param repeats again and again
   */
  public Timeout start(Runnable callback, int millis, boolean repeats) {
    ListedTimer timer = new ListedTimer(this, callback, millis, repeats);
    references++;
    insert(timer, time.millis());
    return timer;
  }

  private void insert(ListedTimer timer, long start) {
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

  void clear(ListedTimer timer) {
    thread.check();
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

  void ref(ListedTimer timer, boolean referenced) {
    thread.check();
    if (timer.referenced != referenced) {
      timer.referenced = referenced;
      if (!timer.ended) {
        references += referenced ? 1 : -1;
      }
    }
  }

  void refresh(ListedTimer timer) {
    thread.check();
    if (timer.callback == null) {
      return;
    }
    TimerList list = timer.list;
    if (list != null) {
      list.remove(timer);
    }
    insert(timer, time.millis());
    if (timer.ended) {
      timer.ended = false;
      references += timer.referenced ? 1 : 0;
    }
  }

  // ---- the phase

  /** True if some timer keeps the loop alive. */
  public boolean isAlive() {
    return references > 0;
  }

  /** True if no timer is set, not even one that does not keep the loop alive. */
  public boolean isEmpty() {
    return lists.isEmpty() && heap.peek() == null;
  }

  /** When the phase next has something to do, in the loop's milliseconds. */
  public long nextExpiry() {
    return heap.peek() == null ? NEVER : nextExpiry;
  }

  /** Goes through the phase. */
  public void run() {
    long now = time.millis();
    if (nextExpiry() > now) {
      return;
    }
    drainBeforeNext = false;
    nextExpiry = NEVER;
    boolean ranAny = false;
    for (TimerList list; (list = heap.peek()) != null && !turn.isStopped(); ) {
      if (list.expiry > now) {
        nextExpiry = list.expiry;
        break;
      }
      if (ranAny) { // which may refresh or clear the next list's timers
        drainBeforeNext = false;
        ranAny = false;
        turn.drain();
        continue;
      }
      ranAny = true;
      run(list, now);
    }
    turn.drain();
  }

  private void run(TimerList list, long now) {
    for (ListedTimer timer; (timer = list.peek()) != null; ) {
      if (turn.isStopped()) {
        return;
      }
      if (now - timer.start < list.millis) { // it was started later than the first of the list
        list.expiry = Math.max(timer.start + list.millis, now + 1);
        list.id = lastListId++;
        heap.sinkTop();
        return;
      }
      if (drainBeforeNext && !turn.drain()) {
        drainBeforeNext = false;
        continue;
      }
      TimerList current = timer.list;
      if (current != null) { // else a tick has cleared it
        current.remove(timer);
      }
      Runnable callback = timer.callback;
      if (callback != null) {
        if (FlightSwitch.isOn()) {
          TimerLag.emit((now - timer.start - list.millis) * 1_000_000, 1);
        }
        drainBeforeNext = fire(timer, callback);
      }
    }
    if (lists.get(list.millis) == list) { // else its last timer was cleared, and the list with it
      lists.remove(list.millis);
      heap.remove(list);
    }
  }

  /** False if the callback threw. */
  private boolean fire(ListedTimer timer, Runnable callback) {
    long start = time.millis();
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
      turn.uncaught(thrown);
    }
    return thrown == null;
  }

  /** Hands out the callbacks that will not run: the loop has ended. */
  public @Nullable Runnable abandon() {
    for (TimerList list; (list = heap.peek()) != null; ) {
      ListedTimer timer = list.peek();
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
