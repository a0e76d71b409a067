package dev.weft.scheduler.queue;

import dev.weft.frame.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frames that one worker is to poll next: the LIFO slot, a ring that the owner fills and that
 * anyone may take from, and behind it a list of the owner's own for what does not fit.
 *
 * <h2>Who calls what</h2>
 *
 * The owner alone pushes, pops and clears, and alone moves {@code tail}. A thief, who is the owner
 * of another queue, steals. The owner and the thieves move {@code head} by compare-and-set; it only
 * grows.
 *
 * <pre>
 *   push:   slot[tail] = frame;  tail+1                     (release; the thief acquires)
 *   pop:    frame = slot[head];  CAS head -&gt; head+1        (owner)
 *   steal:  copy slot[head .. head+n);  CAS head -&gt; head+n (thief)
 * </pre>
 *
 * A thief copies before it knows that the frames are its own. What it has copied may be stale: the
 * owner popped the frames, cleared the slots, or reused them for later ones. It can do so only
 * after {@code head} has passed them, so then the thief's compare-and-set fails and the copy is
 * dropped. (That {@code head} comes round to the same value takes 2^32 pops during one copy.)
 *
 * <h2>The LIFO slot</h2>
 *
 * The owner alone fills it, and so may fill an empty one by a plain store (release). Whoever takes
 * a frame out of it, the owner or a thief, does so by an atomic exchange or compare-and-set, so one
 * of them gets it.
 *
 * <pre>
 *   pushLifo: null -&gt; frame (release), or exchange(frame), which may displace one
 *   popLifo:  exchange(null)
 *   stealLifo: CAS frame -&gt; null
 * </pre>
 *
 * A thief may do so only if the frame has waited for long; {@code LifoGate} sees to that.
 *
 * <h2>Overflow</h2>
 *
 * Frames that find the ring full wait in {@code overflow}, and come into the ring as it runs half
 * empty. While some wait there, new ones queue behind them, so the order stays first in, first out.
 * They do not go to the injection queue as in Tokio: while I/O keeps refilling the ring they would
 * starve there (measured: p99 of 89 to 230 ms at 1000 connections).
 *
 * <p>A thief that finds the ring empty takes from the overflow, or else it would be out of reach
 * while its owner runs a long task. Hence the list is guarded by a lock, which the owner takes for
 * each frame that it adds and for each batch that it moves, but not to see that there is nothing:
 * it alone adds, so what it sees without the lock may be that some are there which a thief has
 * taken, never the reverse. A thief only tries the lock. An owner may have to wait for one that
 * moves half a ring, some 100 ns.
 */
public final class LocalQueue extends LocalQueueIndices {
  /** Tokio's figure (tokio/src/runtime/scheduler/multi_thread/queue.rs). */
  public static final int CAPACITY = 256;

  /**
   * How often a thief tries one victim. Each failure means that someone else took a frame. Guessed.
   */
  private static final int STEAL_ATTEMPTS = 4;

  private static final VarHandle OVERFLOWED;
  private static final VarHandle LOCKED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OVERFLOWED = lookup.findVarHandle(LocalQueue.class, "overflowed", long.class);
      LOCKED = lookup.findVarHandle(LocalQueue.class, "locked", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Frame<?>[] ring;
  private final int mask;
  private final FrameList overflow = new FrameList();

  /** The lock of the overflow. */
  @SuppressWarnings("unused") // through LOCKED
  private volatile boolean locked;

  /** How many frames found the ring full. Written by the owner, opaque for those who only count. */
  private long overflowed;

  /**
   * An empty queue.
   *
   * @param capacity of the ring; a power of two, 2 or more
   */
  public LocalQueue(int capacity) {
    if (capacity < 2 || Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("not a power of two from 2 on: " + capacity);
    }
    ring = new Frame<?>[capacity];
    mask = capacity - 1;
  }

  /** Adds a frame at the end. Owner only. */
  public void push(Frame<?> frame) {
    int tail = tailPlain();
    if (!overflow.isEmpty() || tail - headAcquire() == ring.length) {
      lock();
      overflow.add(frame);
      unlock();
      OVERFLOWED.setOpaque(this, overflowed + 1);
      return;
    }
    ring[tail & mask] = frame;
    setTailRelease(tail + 1);
  }

  /**
   * Puts a frame into the LIFO slot. Owner only.
   *
   * @return the frame that stood there, which is the caller's now, or null
   */
  public @Nullable Frame<?> pushLifo(Frame<?> frame) {
    if (lifoAcquire() == null) {
      setLifoRelease(frame); // an empty slot stays so until the owner fills it
      return null;
    }
    return getAndSetLifo(frame);
  }

  /** Takes the frame in the LIFO slot; null if there is none. Owner only. */
  public @Nullable Frame<?> popLifo() {
    return lifoAcquire() == null ? null : getAndSetLifo(null);
  }

  /** The frame in the LIFO slot; for a thief who considers taking it. */
  public @Nullable Frame<?> peekLifo() {
    return lifoAcquire();
  }

  /** Takes that frame, if it still stands in the LIFO slot. From any thread. */
  public boolean stealLifo(Frame<?> frame) {
    return casLifo(frame, null);
  }

  /** Takes the first frame. Owner only. */
  public @Nullable Frame<?> pop() {
    while (true) {
      if (!overflow.isEmpty()) {
        refill(); // each time round: thieves may just have emptied the ring
      }
      int head = headAcquire();
      if (head == tailPlain()) {
        if (overflow.isEmpty()) {
          return null;
        }
        continue;
      }
      Frame<?> frame = ring[head & mask];
      if (casHead(head, head + 1)) {
        ring[head & mask] = null;
        return frame;
      }
    }
  }

  private void refill() {
    int tail = tailPlain();
    int room = ring.length - (tail - headAcquire());
    if (room < ring.length / 2) {
      return; // in batches: the ring's cache lines then move to a thief less often
    }
    lock();
    for (; room > 0; room--) {
      Frame<?> frame = overflow.poll();
      if (frame == null) {
        break;
      }
      ring[tail++ & mask] = frame;
    }
    unlock();
    setTailRelease(tail);
  }

  private void lock() {
    while (!tryLock()) {
      Thread.onSpinWait();
    }
  }

  private boolean tryLock() {
    return LOCKED.compareAndSet(this, false, true);
  }

  private void unlock() {
    LOCKED.setRelease(this, false);
  }

  /**
   * Moves half of this ring, rounded up, to another worker's empty queue; if it is empty, of the
   * overflow. Called by the owner of the other one.
   *
   * @return the first of the frames, which is not put into the thief's queue; null if there was
   *     none
   */
  public @Nullable Frame<?> stealInto(LocalQueue thief) {
    int thiefTail = thief.tailPlain();
    int limit = Math.min(ring.length, thief.ring.length);
    for (int attempt = 0; attempt < STEAL_ATTEMPTS; attempt++) {
      int head = headAcquire();
      int available = tailAcquire() - head;
      if (available <= 0) {
        return stealOverflow(thief, thiefTail, limit);
      }
      if (available > ring.length) {
        continue; // head moved between the two reads
      }
      int count = Math.min(available - available / 2, limit);
      Frame<?> first = ring[head & mask];
      for (int i = 1; i < count; i++) {
        thief.ring[(thiefTail + i - 1) & thief.mask] = ring[(head + i) & mask];
      }
      if (casHead(head, head + count)) {
        thief.setTailRelease(thiefTail + count - 1);
        return first;
      }
    }
    return null;
  }

  private @Nullable Frame<?> stealOverflow(LocalQueue thief, int thiefTail, int limit) {
    if (overflow.isEmpty() || !tryLock()) {
      return null;
    }
    try {
      Frame<?> first = overflow.poll();
      int more = Math.min(overflow.size() / 2, limit - 1);
      for (int i = 0; i < more; i++) {
        thief.ring[(thiefTail + i) & thief.mask] = overflow.poll();
      }
      thief.setTailRelease(thiefTail + more);
      return first;
    } finally {
      unlock();
    }
  }

  /**
   * Forgets frames that were stolen, of which the ring still holds references. Owner only, while
   * its queue is empty.
   */
  public void clearStale() {
    Arrays.fill(ring, null);
  }

  /** True if thieves would find nothing. From any thread; a moment old. */
  public boolean isEmpty() {
    return tailAcquire() - headAcquire() <= 0 && overflow.isEmpty();
  }

  /** True if thieves would find something, be it in the LIFO slot. From any thread. */
  public boolean hasStealable() {
    return !isEmpty() || lifoAcquire() != null;
  }

  /** How many slots the ring has. */
  public int capacity() {
    return ring.length;
  }

  /** How many frames wait, with those in the overflow and without the LIFO slot. Owner only. */
  public int size() {
    return tailPlain() - headAcquire() + overflow.size();
  }

  /** As {@link #size} and with the LIFO slot, from any thread, and not exact. */
  public int depth() {
    int inRing = Math.max(0, tailAcquire() - headAcquire());
    return Math.min(inRing, ring.length) + overflow.size() + (lifoAcquire() == null ? 0 : 1);
  }

  /** How many frames have found the ring full so far. From any thread. */
  public long overflowCount() {
    return (long) OVERFLOWED.getOpaque(this);
  }
}

/**
 * The two ends of the ring, each on a cache line without neighbours that others write. A
 * superclass's fields are laid out before a subclass's, which keeps the padding where it is.
 */
abstract class LocalQueueIndices extends LocalQueueTail {
  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(LocalQueueIndices.class, "head", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through HEAD
  private volatile int head;

  long b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14;

  /** Pairs with {@link #casHead}: the slots before head are free to be written again. */
  final int headAcquire() {
    return (int) HEAD.getAcquire(this);
  }

  /** Volatile, so that what the thief copied was read before. */
  final boolean casHead(int expected, int next) {
    return HEAD.compareAndSet(this, expected, next);
  }
}

/**
 * See {@link LocalQueueIndices}. The LIFO slot shares the tail's line: both are written by the
 * owner, and a thief looks at both.
 */
abstract class LocalQueueTail extends LocalQueuePad {
  private static final VarHandle TAIL;
  private static final VarHandle LIFO;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      TAIL = lookup.findVarHandle(LocalQueueTail.class, "tail", int.class);
      LIFO = lookup.findVarHandle(LocalQueueTail.class, "lifo", Frame.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through TAIL
  private volatile int tail;

  @SuppressWarnings("unused") // through LIFO
  private volatile @Nullable Frame<?> lifo;

  long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14;

  /** For the owner, the only one to write it. */
  final int tailPlain() {
    return (int) TAIL.get(this);
  }

  /** Pairs with {@link #setTailRelease}: the slots before tail hold their frames. */
  final int tailAcquire() {
    return (int) TAIL.getAcquire(this);
  }

  final void setTailRelease(int next) {
    TAIL.setRelease(this, next);
  }

  /** Pairs with {@link #casLifo}: what a thief has taken is gone from the slot. */
  final @Nullable Frame<?> lifoAcquire() {
    return (Frame<?>) LIFO.getAcquire(this);
  }

  /** Pairs with {@link #casLifo}: who takes the frame sees all of it. */
  final void setLifoRelease(Frame<?> frame) {
    LIFO.setRelease(this, frame);
  }

  final @Nullable Frame<?> getAndSetLifo(@Nullable Frame<?> frame) {
    return (Frame<?>) LIFO.getAndSet(this, frame);
  }

  final boolean casLifo(Frame<?> expected, @Nullable Frame<?> next) {
    return LIFO.compareAndSet(this, expected, next);
  }
}

/** See {@link LocalQueueIndices}. */
abstract class LocalQueuePad {
  long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14;
}
