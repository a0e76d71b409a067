package dev.weft.scheduler.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who holds an I/O loop and who is inside it, in one word. The <em>holder</em> has promised to poll
 * the loop; the <em>user</em> is inside it now and alone may touch what belongs to it. Both are
 * indices of workers.
 *
 * <pre>
 *   state         (holder, user)
 *   FREE          (-, -)         nobody has promised anything
 *   LENT          (h, -)         h runs tasks and will poll
 *   IN_USE        (h, h)         h polls, blocks in the poll, or makes a call from a task
 *   BORROWED      (h, u)         u is inside for one poll or one call, while h runs a long task
 *   ABANDONED     (-, u)         as before, and h has withdrawn its promise; or u found it FREE
 *
 *   FREE      --take(me)----------&gt; LENT(me)           a worker without a loop that looks for work
 *   LENT(h)   --takeOver(h, me)---&gt; LENT(me)           the same, when h is late with its poll
 *   LENT(me)  --use(me)-----------&gt; IN_USE(me)         the holder; no other takes place meanwhile
 *   IN_USE    --release(me)-------&gt; LENT(me)           the holder
 *   LENT(h)   --borrow(h, me)-----&gt; BORROWED(h, me)    a worker that is not to keep the loop
 *   FREE      --borrow(-, me)-----&gt; ABANDONED(me)      the same
 *   BORROWED  --giveBack()--------&gt; LENT(h)            the borrower
 *   ABANDONED --giveBack()--------&gt; FREE               the borrower, which then sees to a taker
 *   LENT(me)  --giveUp(me)--------&gt; FREE               the holder, which then sees to a taker
 *   BORROWED  --giveUp(h)---------&gt; ABANDONED(u)       the holder, which wants to sleep
 * </pre>
 *
 * Every transition out of a state with a user is made by the user, except the last one; every
 * transition out of LENT is a compare-and-set, of which one wins. So between a successful {@code
 * use} or {@code borrow} and the {@code release} or {@code giveBack} that ends it, no other thread
 * is inside. Successive users are ordered: the end of one is a release store, the beginning of the
 * next an acquiring compare-and-set of the same word.
 *
 * <h2>No loop is forgotten</h2>
 *
 * A loop that is LENT has a holder that is awake: a holder sleeps in the loop (IN_USE), or gives it
 * up before it sleeps elsewhere. Who makes a loop FREE then looks for a sleeper without a loop to
 * wake; who is about to sleep without one announces it and then looks for a FREE loop. Word and
 * announcement are volatile, so one of the two sees the other (Dekker's pattern; the other half is
 * in {@code IdleSet}).
 *
 * <p>A loop may stay FREE while those who sleep hold others. If it is used, one of them polls it
 * now and then ({@code DriverSeats.beginCare}); if not, who queues something for it wakes a
 * sleeper, and who is about to sleep looks at its queue after the announcement (the same pattern).
 * Who has polled it a moment before looks again by itself; if that one gets stuck, the monitor has
 * somebody woken.
 *
 * <p>The same pattern stands between a poll that is about to block and a thread that has queued
 * something for the loop. The poller makes the word IN_USE and then looks at the queue; the other
 * adds to the queue and then looks at the word. Either the poller sees what was added and does not
 * block, or the other sees IN_USE, and wakes it. A thread that sees LENT wakes nobody.
 */
final class OwnerWord {
  /** No worker's index. */
  static final int NOBODY = -1;

  private static final VarHandle WORD;

  /** Holder in the upper half, user in the lower, each plus one. */
  private static final int HOLDER_SHIFT = 16;

  private static final int USER_MASK = (1 << HOLDER_SHIFT) - 1;

  static {
    try {
      WORD = MethodHandles.lookup().findVarHandle(OwnerWord.class, "word", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through WORD
  private volatile int word;

  // ---- looks from any thread; a moment old, except a user's at itself

  int holder() {
    return (word >>> HOLDER_SHIFT) - 1;
  }

  int user() {
    return (word & USER_MASK) - 1;
  }

  boolean isFree() {
    return word == 0;
  }

  // ---- transitions; each says whether it took place

  /** FREE to LENT. */
  boolean take(int me) {
    return WORD.compareAndSet(this, 0, pack(me, NOBODY));
  }

  /** LENT to LENT, by a worker other than the holder. */
  boolean takeOver(int holder, int me) {
    return WORD.compareAndSet(this, pack(holder, NOBODY), pack(me, NOBODY));
  }

  /** LENT to IN_USE, by the holder. */
  boolean use(int me) {
    return WORD.compareAndSet(this, pack(me, NOBODY), pack(me, me));
  }

  /**
   * IN_USE to LENT, by the holder. A store: nobody else changes the word while it is IN_USE. That
   * it is no full fence makes a thread see IN_USE for a moment too long, which costs it a wake-up
   * of a loop that is awake.
   */
  void release(int me) {
    WORD.setRelease(this, pack(me, NOBODY));
  }

  /**
   * LENT to BORROWED, or FREE to ABANDONED.
   *
   * @param holder whom the caller has seen as the holder; {@link #NOBODY} for a FREE loop
   */
  boolean borrow(int holder, int me) {
    return WORD.compareAndSet(this, pack(holder, NOBODY), pack(holder, me));
  }

  /**
   * BORROWED to LENT, or ABANDONED to FREE, by the borrower.
   *
   * @return true if the loop is FREE now
   */
  boolean giveBack() {
    while (true) {
      int now = word; // the holder may withdraw between this and the exchange, once
      int next = now & ~USER_MASK;
      if (WORD.compareAndSet(this, now, next)) {
        return next == 0;
      }
    }
  }

  /**
   * LENT to FREE, or BORROWED to ABANDONED, by the holder.
   *
   * @return true if the caller was the holder and is not any more
   */
  boolean giveUp(int me) {
    while (true) {
      int now = word;
      if ((now >>> HOLDER_SHIFT) - 1 != me) {
        return false;
      }
      if (WORD.compareAndSet(this, now, now & USER_MASK)) {
        return true;
      }
    }
  }

  private static int pack(int holder, int user) {
    return (holder + 1) << HOLDER_SHIFT | (user + 1);
  }

  @Override
  public String toString() {
    int now = word;
    int holder = (now >>> HOLDER_SHIFT) - 1;
    int user = (now & USER_MASK) - 1;
    String state =
        holder == NOBODY
            ? user == NOBODY ? "FREE" : "ABANDONED"
            : user == NOBODY ? "LENT" : user == holder ? "IN_USE" : "BORROWED";
    return state + "(" + holder + ", " + user + ")";
  }
}
