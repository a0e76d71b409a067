package dev.weft.scheduler.io;

import dev.weft.frame.CarrierThread;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one place inside an I/O loop. Whoever has it may touch the loop and its sockets, and nobody
 * else. A worker takes it to poll, and a socket's method for the length of a call. Between the two
 * it is empty, also while its holder runs tasks: that is what lets another worker take the loop
 * over when such a task is long. The states are those of {@link OwnerWord}.
 *
 * <p>A worker knows where it is inside by a field of its own ({@code LoopRunner.inside}), so {@link
 * #isInside}, which Netty asks all the time, reads nothing that other threads write.
 *
 * <p>A seat that is <em>pinned</em> belongs to one thread for ever, and that thread is always
 * inside: for I/O that no other thread can take over, and for event loops of a single thread.
 *
 * <h2>Who calls what</h2>
 *
 * Sockets, from any thread: {@link #enter} and {@link #leave}, nested as they come, and the
 * questions. Workers, on their own threads: everything that is not public.
 */
public final class DriverSeat {
  private static final VarHandle LAST_POLL;
  private static final VarHandle HANDLING;

  /** From when on a poll is late and an idle worker takes the loop over. The prototype's figure. */
  static final long LATE_NANOS = 1_000_000;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      LAST_POLL = lookup.findVarHandle(DriverSeat.class, "lastPoll", long.class);
      HANDLING = lookup.findVarHandle(DriverSeat.class, "handling", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Thread pinned;
  private final @Nullable LoopCrew crew;
  private final OwnerWord owner = new OwnerWord();
  private @Nullable Driver driver;

  /** Confined to the user, as the loop is. */
  private final LoopLoad load = new LoopLoad(System.nanoTime());

  /** How often the user has entered without leaving. Confined to the user, as the loop is. */
  private int depth;

  /**
   * When the last poll ended, by {@code System.nanoTime()}. Opaque: who decides by it whether a
   * poll is late has read LENT from the word, which was released after this was written.
   */
  @SuppressWarnings("unused") // through LAST_POLL
  private long lastPoll;

  /**
   * Since when the user handles what a look at the kernel has found, by {@code System.nanoTime()};
   * 0 while it does not. Written by the user; opaque, as who reads it acts on a guess.
   */
  private long handling;

  /** See {@link #isReserve}. */
  private volatile boolean reserve;

  private DriverSeat(@Nullable Thread pinned, @Nullable LoopCrew crew) {
    this.pinned = pinned;
    this.crew = crew;
  }

  /** A seat that only the calling thread ever has. */
  public static DriverSeat pinned() {
    return new DriverSeat(Thread.currentThread(), null);
  }

  /** A seat that the workers hand to each other. */
  static DriverSeat transferable(LoopCrew crew) {
    return new DriverSeat(null, crew);
  }

  // ---- for sockets

  /** True if the thread is inside. Exact for the calling thread; of others, a moment old. */
  public boolean isInside(Thread thread) {
    if (pinned != null) {
      return thread == pinned;
    }
    LoopRunner worker = workerOf(thread);
    return worker != null && worker.inside == this;
  }

  /** True if the thread is one of those that come inside from time to time. */
  public boolean isRunBy(Thread thread) {
    if (pinned != null) {
      return thread == pinned;
    }
    LoopRunner worker = workerOf(thread);
    return worker != null && worker.loopCrew == crew;
  }

  /**
   * Takes the seat for a call, if the calling thread is inside already, holds the loop and nobody
   * has borrowed it, or can borrow it because the monitor has found its holder stuck in a task.
   * Never waits.
   *
   * @return false if not: then the call must be queued for the loop. If true, {@link #leave} must
   *     follow
   */
  public boolean enter() {
    Thread thread = Thread.currentThread();
    if (pinned != null) {
      if (thread != pinned) {
        return false;
      }
      depth++;
      return true;
    }
    LoopRunner me = workerOf(thread);
    if (me == null) {
      return false;
    }
    if (me.inside == this) {
      depth++;
      return true;
    }
    // From inside another loop its handlers would see themselves outside of it; they can wait.
    if (me.inside != null || !acquire(me)) {
      return false;
    }
    me.inside = this;
    depth = 1;
    return true;
  }

  private boolean acquire(LoopRunner me) {
    if (me.driver.holds(this)) {
      return owner.use(me.index); // fails if it was taken over, or is borrowed
    }
    int holder = owner.holder();
    return holder != OwnerWord.NOBODY
        && holder != me.index
        && crew == me.loopCrew
        && me.loopCrew.isStuck(holder)
        && owner.borrow(holder, me.index);
  }

  /** Ends what {@link #enter} began. */
  public void leave() {
    if (--depth == 0) {
      endHandling();
      if (pinned == null) {
        vacate(Objects.requireNonNull(workerOf(Thread.currentThread())));
      }
    }
  }

  /**
   * Said by the user before it calls handlers, at least once in a round. A worker that slept in the
   * loop counts as awake from here on: a handler may take long.
   *
   * @return since when this round's are called
   */
  public long beginHandling() {
    if (handling == 0) {
      long now = System.nanoTime();
      HANDLING.setOpaque(this, now == 0 ? 1 : now);
      LoopRunner me = workerOf(Thread.currentThread());
      if (me != null) {
        me.driver.endPark();
        me.beginsToHandle();
      }
    }
    return handling;
  }

  /** True from {@link #beginHandling} to the end of the round. By the user. */
  public boolean isHandling() {
    return handling != 0;
  }

  /** The round is over: the user may block again. At the latest, it is so when it leaves. */
  public void endHandling() {
    if (handling != 0) {
      HANDLING.setOpaque(this, 0L);
    }
  }

  // ---- for who chooses among loops, from any thread; a moment old

  /**
   * For how long the loop has been in one round of handlers, in nanoseconds, and serves nobody else
   * meanwhile; 0 if it is in none.
   */
  public long standing(long now) {
    long since = (long) HANDLING.getOpaque(this);
    return since == 0 ? 0 : Math.max(0, now - since);
  }

  /** Which share of the time it has handled I/O of late. */
  public double load(long now) {
    return load.recent(now);
  }

  /**
   * True if the loop was opened because the others stood still in handlers, and not for their load:
   * it is for what comes while they do, as one loop serves better than two while one is enough.
   */
  public boolean isReserve() {
    return reserve;
  }

  /** True from an {@link #enter} outside of any poll to the next one or to its {@link #leave}. */
  public boolean isOutermost() {
    return depth == 1;
  }

  /** True if the user, who asks, has the loop of another worker and will not poll it. */
  public boolean isBorrowed() {
    return pinned == null && owner.user() != owner.holder();
  }

  /**
   * True if a thread may be blocked in a poll, so that who has queued something must wake it. Read
   * after what was queued; see {@link OwnerWord}.
   */
  public boolean isInUse() {
    return pinned != null || owner.user() != OwnerWord.NOBODY;
  }

  /** Something was queued, and if nobody holds the loop somebody has to see to it. */
  public void wakeIfFree() {
    if (pinned == null && owner.isFree()) {
      Objects.requireNonNull(crew, "workers hand it to each other").wakeHelper();
    }
  }

  /** Time that the calling task has spent on the loop's behalf and that is not its own cost. */
  public void discount(long nanos) {
    LoopRunner me = workerOf(Thread.currentThread());
    if (me != null) {
      me.discount(nanos);
    }
  }

  /** Time that the calling task has spent sending. */
  public void countSending(long nanos) {
    LoopRunner me = workerOf(Thread.currentThread());
    if (me != null) {
      me.countSending(nanos);
    }
  }

  /** How often the executor's workers have taken loops over from each other, this and others. */
  public long takeovers() {
    return crew == null ? 0 : crew.loopTakeovers();
  }

  private static @Nullable LoopRunner workerOf(Thread thread) {
    return thread instanceof CarrierThread carrying
            && carrying.carrier() instanceof LoopRunner worker
        ? worker
        : null;
  }

  // ---- for workers

  /** Says whether this {@linkplain #isReserve is} a reserve. */
  void reserve(boolean on) {
    reserve = on;
  }

  /** Before the seat is shown to anybody. */
  void install(Driver opened, long now) {
    driver = opened;
    noteProgress(now);
  }

  Driver driver() {
    return Objects.requireNonNull(driver, "used before it was opened");
  }

  boolean isPinned() {
    return pinned != null;
  }

  /** Takes the seat for a poll, as holder. False if the loop was taken over, or is borrowed. */
  boolean use(LoopRunner me) {
    if (pinned == null) {
      if (!owner.use(me.index)) {
        return false;
      }
      me.inside = this;
    }
    depth = 1;
    return true;
  }

  /** From inside: true if the loop has been so busy for a while that there should be another. */
  boolean isBusy(long now) {
    return load.isDue(now) && load.add(now, driver().activeNanos());
  }

  /** Takes the seat for one poll from a holder that is late, or of a loop that nobody holds. */
  boolean borrow(LoopRunner me, int holder) {
    if (!owner.borrow(holder, me.index)) {
      return false;
    }
    me.inside = this;
    depth = 1;
    return true;
  }

  /** Ends {@link #use} or {@link #borrow}. */
  void release(LoopRunner me, long now) {
    noteProgress(now);
    depth = 0;
    endHandling();
    if (pinned == null) {
      vacate(me);
    }
  }

  private void vacate(LoopRunner me) {
    me.inside = null;
    // Who is user stays so until here; so if it is the holder, it stays that too.
    if (owner.holder() == me.index) {
      owner.release(me.index);
    } else if (owner.giveBack()) {
      me.loopCrew.wakeForFreeLoop(); // its holder may sleep by now, and relies on us
    }
  }

  boolean take(int me) {
    return owner.isFree() && owner.take(me);
  }

  /** Takes it from a holder that is late; the new one is not, though it has not polled yet. */
  boolean takeOver(int holder, int me, long now) {
    if (!owner.takeOver(holder, me)) {
      return false;
    }
    noteProgress(now);
    return true;
  }

  boolean giveUp(int me) {
    return owner.giveUp(me);
  }

  /** The holder of a loop that is LENT, or nobody; a moment old. */
  int absentHolder() {
    return pinned == null && owner.user() == OwnerWord.NOBODY ? owner.holder() : OwnerWord.NOBODY;
  }

  /** The holder of a loop that is LENT and was last polled longer ago than bearable; or nobody. */
  int lateHolder(long now) {
    int holder = absentHolder();
    return holder != OwnerWord.NOBODY && now - lastPoll() > LATE_NANOS ? holder : OwnerWord.NOBODY;
  }

  /** When the last poll ended. */
  long lastPoll() {
    return (long) LAST_POLL.getOpaque(this);
  }

  boolean isHeldBy(int worker) {
    return pinned != null || owner.holder() == worker;
  }

  boolean isFree() {
    return pinned == null && owner.isFree();
  }

  private void noteProgress(long now) {
    LAST_POLL.setOpaque(this, now);
  }

  @Override
  public String toString() {
    return driver + " " + (pinned != null ? "of " + pinned.getName() : owner);
  }
}
