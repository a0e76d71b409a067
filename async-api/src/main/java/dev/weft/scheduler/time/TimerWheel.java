package dev.weft.scheduler.time;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel (G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP
 * 1987; in the form that Tokio's time driver gave it): entering and cancelling take constant time
 * whatever the number of timers, where a heap takes a logarithm of it and a cache miss per level.
 *
 * <p>There are seven levels of 64 slots. A slot of level 0 is one millisecond wide, one of level n
 * is as wide as the whole of level n-1. An entry stands on the level of the highest group of six
 * bits in which its time differs from the wheel's, in the slot that this group names. When the
 * wheel's time comes to the start of a slot on a higher level, its entries are distributed over the
 * levels below. So every occupied slot lies ahead of the wheel's time without wrapping round, and
 * the lowest occupied level holds the earliest of them.
 *
 * <p>Any thread may call; a short lock guards the wheel. Each worker has a wheel of its own, so the
 * lock is nearly always free. Entries are completed by the caller outside the lock.
 */
final class TimerWheel {
  /** {@link #next} when nothing is due ever. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long MILLI = 1_000_000;

  private static final int BITS = 6;
  private static final int SLOTS = 1 << BITS;

  /**
   * Seven levels of six bits reach 139 years ahead, which spares a special case for what lies
   * beyond.
   */
  private static final int LEVELS = 7;

  /** The last millisecond that the wheel knows. */
  static final long END = (1L << (BITS * LEVELS)) - 1;

  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(TimerWheel.class, "next", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The time in nanoseconds since its milliseconds begin. */
  private final LongSupplier time;

  /** The first entry of each slot, level by level. */
  private final @Nullable Sleep[] slots = new Sleep[LEVELS * SLOTS];

  /** A bit for each slot that has entries. */
  private final long[] occupied = new long[LEVELS];

  /** All entries of this millisecond and earlier have left the wheel. */
  private long elapsed;

  private int size;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param time the time in nanoseconds, from the moment at which the wheel's first millisecond
   *     begins; for reports
   */
  TimerWheel(LongSupplier time) {
    this.time = time;
  }

  /** The nanoseconds that are left until one of its milliseconds, for reports. */
  long nanosUntil(long milli) {
    return milli * MILLI - time.getAsLong();
  }

  /**
   * When this wheel next wants to be advanced: an entry is due then, or a slot to be distributed.
   * Written under the lock, read by anyone.
   */
  @SuppressWarnings("unused") // through NEXT
  private volatile long next = NEVER;

  /**
   * See the field. Volatile: workers look at it after they have announced until when they sleep.
   */
  long next() {
    return next;
  }

  synchronized int size() {
    return size;
  }

  /**
   * Enters a sleep.
   *
   * @return false if the wheel was closed
   */
  synchronized boolean add(Sleep sleep) {
    if (closed) {
      return false;
    }
    if (!sleep.isDone()) { // cancelled already by whoever got hold of it; cannot be today
      link(sleep);
      size++;
      updateNext();
    }
    return true;
  }

  /** Takes a sleep out, if it is in. */
  synchronized void remove(Sleep sleep) {
    int slot = sleep.slot;
    if (slot == Sleep.NOWHERE) {
      return;
    }
    Sleep before = sleep.previous;
    Sleep after = sleep.following;
    if (after != null) {
      after.previous = before;
    }
    if (before != null) {
      before.following = after;
    } else {
      slots[slot] = after;
      if (after == null) {
        occupied[slot >> BITS] &= ~(1L << slot);
      }
    }
    sleep.slot = Sleep.NOWHERE;
    sleep.previous = null;
    sleep.following = null;
    size--;
    updateNext();
  }

  /**
   * Moves the wheel on.
   *
   * @return the sleeps that are due, linked by {@code following}, the earliest first; they belong
   *     to the caller, who is to complete them
   */
  synchronized @Nullable Sleep advance(long now) {
    Due due = new Due();
    while (true) {
      int level = lowestLevel();
      if (level == LEVELS) {
        break;
      }
      int slot = Long.numberOfTrailingZeros(occupied[level]);
      long start = startOf(level, slot);
      if (start > now) {
        break;
      }
      elapsed = start;
      empty(level * SLOTS + slot, due);
    }
    // No slot starts at or before now, so no entry's level changes by this.
    elapsed = Math.max(elapsed, now);
    updateNext();
    return due.first;
  }

  /** Takes all sleeps out, for the caller to cancel, and lets no more in. */
  synchronized @Nullable Sleep close() {
    closed = true;
    Due all = new Due();
    for (int i = 0; i < slots.length; i++) {
      Sleep sleep = slots[i];
      while (sleep != null) {
        Sleep after = sleep.following;
        all.add(sleep);
        sleep = after;
      }
      slots[i] = null;
    }
    Arrays.fill(occupied, 0);
    size = 0;
    updateNext();
    return all.first;
  }

  private void link(Sleep sleep) {
    // What is due already comes with the next millisecond: it must stand ahead of the wheel's time.
    // At the end of time there is nothing ahead, and what is entered is due at once.
    long when = Math.min(END, Math.max(sleep.when, elapsed + 1));
    int level = (63 - Long.numberOfLeadingZeros((elapsed ^ when) | (SLOTS - 1))) / BITS;
    int slot = level * SLOTS + (int) ((when >>> (level * BITS)) & (SLOTS - 1));
    Sleep after = slots[slot];
    sleep.slot = slot;
    sleep.previous = null;
    sleep.following = after;
    if (after != null) {
      after.previous = sleep;
    }
    slots[slot] = sleep;
    occupied[level] |= 1L << slot;
  }

  /** Distributes the entries of a slot that has been reached: onto lower levels, or to the due. */
  private void empty(int slot, Due due) {
    Sleep sleep = slots[slot];
    slots[slot] = null;
    occupied[slot >> BITS] &= ~(1L << slot);
    while (sleep != null) {
      Sleep after = sleep.following;
      if (sleep.when <= elapsed || slot < SLOTS) {
        due.add(sleep);
        size--;
      } else {
        link(sleep);
      }
      sleep = after;
    }
  }

  private void updateNext() {
    int level = lowestLevel();
    long start =
        level == LEVELS ? NEVER : startOf(level, Long.numberOfTrailingZeros(occupied[level]));
    if (start != (long) NEXT.get(this)) {
      NEXT.setVolatile(this, start);
    }
  }

  private int lowestLevel() {
    int level = 0;
    while (level < LEVELS && occupied[level] == 0) {
      level++;
    }
    return level;
  }

  /** When a slot begins: the wheel's time above the level, the slot on it, nothing below. */
  private long startOf(int level, int slot) {
    int shift = level * BITS;
    long above = elapsed >>> (shift + BITS) << (shift + BITS);
    return above + ((long) slot << shift);
  }

  /** A list under construction of sleeps that have left the wheel. */
  private static final class Due {
    @Nullable Sleep first;
    @Nullable Sleep last;

    void add(Sleep sleep) {
      sleep.slot = Sleep.NOWHERE;
      sleep.previous = null;
      sleep.following = null;
      if (last == null) {
        first = sleep;
      } else {
        last.following = sleep;
      }
      last = sleep;
    }
  }
}
