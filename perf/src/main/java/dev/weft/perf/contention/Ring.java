package dev.weft.perf.contention;

import dev.weft.scheduler.queue.LocalQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A worker's queue: LocalQueue. The head has a line, tail and LIFO slot share one, sixteen slots of
 * the ring one (references of four bytes), the overflow and its lock one. An owner's pop never
 * fails here: between its load and its compare-and-set there is no time.
 */
final class Ring {
  static final int CAPACITY = LocalQueue.CAPACITY;
  private static final int SLOTS_PER_LINE = 16;

  private final Line headLine = new Line();
  private final Line tailLine = new Line();
  private final Line overflowLine = new Line();
  private final Line[] slotLines = new Line[CAPACITY / SLOTS_PER_LINE];
  private final SimTask[] slots = new SimTask[CAPACITY];
  private final ArrayDeque<SimTask> overflow = new ArrayDeque<>();
  private int head;
  private int tail;
  private @Nullable SimTask lifo;

  Ring() {
    for (int i = 0; i < slotLines.length; i++) {
      slotLines[i] = new Line();
    }
  }

  private Line slotLine(int index) {
    return slotLines[index % CAPACITY / SLOTS_PER_LINE];
  }

  // ---- by the owner

  void push(Agent owner, SimTask task) {
    owner.load(overflowLine);
    owner.load(headLine);
    if (!overflow.isEmpty() || tail - head == CAPACITY) {
      owner.lock(overflowLine);
      overflow.add(task);
      owner.unlock(overflowLine);
      return;
    }
    slots[tail % CAPACITY] = task;
    owner.store(slotLine(tail++));
    owner.store(tailLine);
  }

  @Nullable SimTask pop(Agent owner) {
    owner.load(overflowLine);
    if (!overflow.isEmpty() && CAPACITY - (tail - head) >= CAPACITY / 2) {
      refill(owner);
    }
    owner.load(headLine);
    if (head == tail) {
      return null;
    }
    owner.load(slotLine(head));
    owner.atomic(headLine);
    owner.store(slotLine(head)); // cleared
    return slots[head++ % CAPACITY];
  }

  private void refill(Agent owner) {
    owner.lock(overflowLine);
    for (int room = CAPACITY - (tail - head); room > 0 && !overflow.isEmpty(); room--) {
      slots[tail % CAPACITY] = overflow.remove();
      owner.store(slotLine(tail++));
    }
    owner.unlock(overflowLine);
    owner.store(tailLine);
  }

  /** Returns what the slot held before. */
  @Nullable SimTask pushLifo(Agent owner, SimTask task, boolean exchange) {
    SimTask displaced = lifo;
    owner.load(tailLine);
    if (displaced == null && !exchange) {
      owner.store(tailLine);
    } else {
      owner.atomic(tailLine);
    }
    lifo = task;
    return displaced;
  }

  @Nullable SimTask popLifo(Agent owner) {
    owner.load(tailLine);
    SimTask taken = lifo;
    if (taken != null) {
      owner.atomic(tailLine);
      lifo = null;
    }
    return taken;
  }

  int size() {
    return tail - head + overflow.size();
  }

  boolean isEmptyToOwner() {
    return size() == 0;
  }

  void clearStale(Agent owner) {
    for (Line line : slotLines) {
      owner.store(line);
    }
  }

  // ---- by a thief

  boolean looksEmpty(Agent thief) {
    thief.load(tailLine);
    thief.load(headLine);
    if (tail != head) {
      return false;
    }
    thief.load(overflowLine);
    return overflow.isEmpty();
  }

  /** The head at the thief's first look; it reads the tail with it. */
  int headSeen(Agent thief) {
    thief.load(headLine);
    thief.load(tailLine);
    return head;
  }

  /** What half of the ring is now, rounded up. */
  int half() {
    int available = tail - head;
    return available - available / 2;
  }

  /** Copies so many from that head on, and does not yet know whether they are its own. */
  void copy(Agent thief, Ring to, int from, int count) {
    for (int i = 0; i < count; i++) {
      thief.load(slotLine(from + i));
      if (i > 0) {
        thief.store(to.slotLine(to.tail + i - 1));
      }
    }
  }

  /** The compare-and-set after it; null if somebody came between. */
  @Nullable SimTask take(Agent thief, Ring to, int from, int count) {
    thief.atomic(headLine);
    if (head != from) {
      return null;
    }
    SimTask first = slots[head++ % CAPACITY];
    for (int i = 1; i < count; i++) {
      to.slots[to.tail++ % CAPACITY] = slots[head++ % CAPACITY];
    }
    thief.store(to.tailLine);
    return first;
  }

  /** Half of the overflow, where the ring is empty. */
  @Nullable SimTask takeOverflow(Agent thief, Ring to) {
    thief.load(overflowLine);
    if (overflow.isEmpty() || !thief.tryLock(overflowLine)) {
      return null;
    }
    SimTask first = overflow.remove();
    for (int more = Math.min(overflow.size() / 2, CAPACITY - 1); more > 0; more--) {
      to.slots[to.tail % CAPACITY] = overflow.remove();
      thief.store(to.slotLine(to.tail++));
    }
    thief.store(to.tailLine);
    thief.unlock(overflowLine);
    return first;
  }

  @Nullable SimTask peekLifo(Agent thief) {
    thief.load(tailLine);
    return lifo;
  }

  boolean stealLifo(Agent thief, SimTask task) {
    thief.atomic(tailLine);
    if (lifo != task) {
      return false;
    }
    lifo = null;
    return true;
  }
}
