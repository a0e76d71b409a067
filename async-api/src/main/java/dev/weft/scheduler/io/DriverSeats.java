package dev.weft.scheduler.io;

import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.Takeover;
import dev.weft.log.LimitedLog;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The executor's I/O loops. It begins with one, or with as many as the executor was built with; a
 * further one is opened when one stays busy with I/O, up to one per worker. Measured with two
 * workers: one loop with the other worker stealing serves 160k messages a second with a p99 of 640
 * to 750 us, a loop per worker 115k with 2700 to 3600 us.
 *
 * <p>A further one is also opened when all of them stand still in handlers, which block, perhaps,
 * until another connection is served. It is a {@linkplain DriverSeat#isReserve reserve} until the
 * load asks for one.
 *
 * <p>A loop is opened by the worker that is to hold it first, on its own thread.
 */
public final class DriverSeats {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(DriverSeats.class));

  /** Before a further loop is tried again. Guessed: each try may leak a descriptor in Netty. */
  private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * For how long all loops must stand still before a further one is opened. Guessed: two looks of
   * the monitor. It need not be rare, as what comes later does not go to a reserve.
   */
  private static final long RESERVE_NANOS = 2_000_000;

  /**
   * How long a loop is left alone that has been polled for its absent holder. Guessed: every look
   * of every other worker would be too often.
   */
  private static final long AGAIN_NANOS = 250_000;

  /** A loop with so many times the load of another is worth more than that. Guessed. */
  private static final double BUSIER = 2;

  private final LoopCrew crew;
  private final String executorName;
  private final Driver.@Nullable Provider provider;
  private final boolean transferable;
  private final int initial;
  private final int limit;
  private final CountDownLatch opened;

  /** How many loops there are or are being opened; never more than {@link #wanted}. */
  private final AtomicInteger begun;

  /** The worker that looks after loops beside its own, or nobody. */
  private final AtomicInteger carer = new AtomicInteger(OwnerWord.NOBODY);

  private volatile int wanted;

  /** Whether the one that is being opened is to be a reserve. Guarded by this. */
  private boolean reserveWanted;

  /** Guarded by this. */
  private long refusedUntil = System.nanoTime();

  private volatile DriverSeat[] seats = {};
  private volatile @Nullable Throwable failure;

  /**
   * No loop is opened here.
   *
   * @param crew whose loops they are
   * @param executorName for messages
   * @param loops how many to have; 0 for one, and further ones as the load needs them
   * @param workers how many of them there are
   * @param provider opens them; null for none
   * @param takeover whether workers take them over from each other, where the provider lets them
   */
  public DriverSeats(
      LoopCrew crew,
      String executorName,
      int loops,
      int workers,
      Driver.@Nullable Provider provider,
      boolean takeover) {
    this.crew = crew;
    this.executorName = executorName;
    this.provider = provider;
    transferable = provider != null && provider.isTransferable() && takeover;
    int fixed = Math.min(loops, workers);
    initial = provider == null ? 0 : Math.max(1, fixed);
    limit = provider == null ? 0 : fixed > 0 ? fixed : workers;
    wanted = initial;
    begun = new AtomicInteger(initial);
    opened = new CountDownLatch(initial);
  }

  /** All loops that are open. Not to be written to. */
  DriverSeat[] all() {
    return seats;
  }

  /** The first loop; null if there is none, or none yet. */
  @Nullable DriverSeat first() {
    DriverSeat[] open = seats;
    return open.length == 0 ? null : open[0];
  }

  /** Its driver. */
  public @Nullable Driver firstDriver() {
    DriverSeat seat = first();
    return seat == null ? null : seat.driver();
  }

  // ---- opening

  /**
   * Opens a loop if this is one of the workers that are to begin with one. On the worker's thread.
   *
   * @return null if it is not, or if the loop could not be opened; see {@link #awaitOpen}
   */
  @Nullable DriverSeat openFirst(LoopRunner worker) {
    if (worker.index >= initial) {
      return null;
    }
    try {
      return open(worker);
    } catch (Throwable error) {
      failure = error;
      return null;
    } finally {
      opened.countDown();
    }
  }

  /** True if one of the first loops could not be opened. */
  public boolean hasFailed() {
    return failure != null;
  }

  /**
   * Waits until the first loops are open.
   *
   * @throws IllegalStateException if one could not be opened
   */
  public void awaitOpen() {
    boolean interrupted = false;
    while (true) {
      try {
        opened.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes milliseconds; and half an executor is no use to anyone
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable error = failure;
    if (error != null) {
      throw new IllegalStateException(
          "The driver "
              + (provider == null ? "" : provider.name())
              + " of the executor "
              + executorName
              + " could not be opened: "
              + error,
          error);
    }
  }

  /** Asks for one more loop, because one stays busy; a reserve, if there is one. */
  synchronized void requestForLoad() {
    for (DriverSeat seat : seats) {
      if (seat.isReserve()) {
        seat.reserve(false);
        return;
      }
    }
    request(false, "an I/O loop stays busy");
  }

  /**
   * Has a further loop opened if all stand still in handlers. By the monitor.
   *
   * @return true if one does
   */
  public boolean seeToStanding(long now) {
    int standing = 0;
    DriverSeat[] open = seats;
    for (DriverSeat seat : open) {
      standing += seat.standing(now) > RESERVE_NANOS ? 1 : 0;
    }
    if (standing > 0 && standing == open.length && wanted < limit) {
      request(true, "all I/O loops stand still in handlers");
    }
    return standing > 0;
  }

  private synchronized void request(boolean asReserve, String why) {
    if (wanted < limit
        && seats.length == wanted // the last one that was asked for is there, and not just begun
        && System.nanoTime() - refusedUntil >= 0) {
      wanted++;
      reserveWanted = asReserve;
      log.log(Level.DEBUG, executorName, "{}: {}, opening loop {}", executorName, why, wanted);
      crew.wakeForFreeLoop();
    }
  }

  private synchronized boolean isReserveWanted() {
    return reserveWanted;
  }

  /** Whether there may ever be more than one, so that it matters how busy each is. */
  boolean mayBeSeveral() {
    return limit > 1;
  }

  private @Nullable DriverSeat openAnother(LoopRunner worker) {
    int before = begun.get();
    if (before >= wanted || !begun.compareAndSet(before, before + 1)) {
      return null;
    }
    try {
      return open(worker);
    } catch (Throwable error) { // no more file descriptors, perhaps; the others go on
      log.warn("{}: no further I/O loop could be opened", executorName, error);
      giveUpAnother();
      return null;
    }
  }

  /** It is asked for again, but not at once: there will hardly be a descriptor by then. */
  private synchronized void giveUpAnother() {
    refusedUntil = System.nanoTime() + REFUSED_NANOS;
    wanted--;
    begun.decrementAndGet();
  }

  private DriverSeat open(LoopRunner worker) {
    Driver.Provider by = Objects.requireNonNull(provider, "no loop is opened without one");
    DriverSeat seat = transferable ? DriverSeat.transferable(crew) : DriverSeat.pinned();
    seat.reserve(isReserveWanted());
    seat.take(worker.index);
    seat.use(worker);
    try {
      seat.install(by.open(seat), System.nanoTime());
    } finally {
      seat.release(worker, System.nanoTime());
    }
    synchronized (this) {
      DriverSeat[] more = Arrays.copyOf(seats, seats.length + 1);
      more[seats.length] = seat;
      seats = more;
    }
    return seat;
  }

  // ---- who holds what

  /**
   * A loop for a worker that holds none: one that nobody holds, or one whose holder is late with
   * its poll, or a new one if one is wanted.
   *
   * @param busy true if the worker has other things to do, and takes from a holder only what the
   *     monitor has found stuck
   */
  @Nullable DriverSeat adopt(LoopRunner worker, long now, boolean busy) {
    for (DriverSeat seat : seats) {
      if (seat.take(worker.index)) {
        return seat;
      }
      int holder = seat.lateHolder(now);
      if (holder != OwnerWord.NOBODY
          && holder != worker.index
          && (!busy || crew.isStuck(holder))
          && seat.takeOver(holder, worker.index, now)) {
        tookOver(worker, holder, false);
        return seat;
      }
    }
    return begun.get() < wanted ? openAnother(worker) : null;
  }

  /**
   * Of the loops other than the worker's own that nobody polls in time, that which has waited for
   * the longest; the worker is inside it then, for one poll.
   */
  @Nullable DriverSeat borrow(LoopRunner worker, DriverSeat own, long now) {
    DriverSeat seat = mostNeglected(own, now);
    if (seat == null) {
      return null;
    }
    int holder = seat.absentHolder();
    if (!seat.borrow(worker, holder)) {
      return null;
    }
    if (holder != OwnerWord.NOBODY) {
      tookOver(worker, holder, true);
    }
    return seat;
  }

  private @Nullable DriverSeat mostNeglected(DriverSeat own, long now) {
    DriverSeat found = null;
    for (DriverSeat seat : seats) {
      if (seat != own
          && isNeglected(seat, now)
          && (found == null || seat.lastPoll() - found.lastPoll() < 0)) {
        found = seat;
      }
    }
    return found;
  }

  /**
   * The busiest loop to be held in place of the worker's own: its holder is late with it, and it
   * has more to do. Null if there is none. The caller holds both then, and gives its own up.
   */
  @Nullable DriverSeat takeOverBusier(LoopRunner worker, DriverSeat own, long now) {
    double most = own.driver().isUnused() ? -1 : BUSIER * own.load(now);
    DriverSeat busiest = null;
    for (DriverSeat seat : seats) {
      if (seat != own
          && seat.absentHolder() != OwnerWord.NOBODY
          && isNeglected(seat, now)
          && seat.load(now) > most) {
        busiest = seat;
        most = seat.load(now);
      }
    }
    if (busiest == null) {
      return null;
    }
    int holder = busiest.absentHolder();
    if (holder == OwnerWord.NOBODY || !busiest.takeOver(holder, worker.index, now)) {
      return null;
    }
    tookOver(worker, holder, false);
    return busiest;
  }

  /** True if there is a loop other than the worker's own that nobody polls in time. */
  boolean isAnotherNeglected(DriverSeat own, long now) {
    return mostNeglected(own, now) != null;
  }

  /**
   * Lets a worker that holds a loop look after the others that need it, until {@link #endCare}. One
   * at a time: there may be many workers, and each would wake up again and again.
   *
   * @return false if another worker does
   */
  boolean beginCare(LoopRunner worker) {
    return carer.compareAndSet(OwnerWord.NOBODY, worker.index);
  }

  void endCare() {
    carer.set(OwnerWord.NOBODY);
  }

  /**
   * True if it is used and nobody polls it in time: its holder is late, or is stuck, and another
   * has polled it for this one a moment ago; or it has none.
   */
  private boolean isNeglected(DriverSeat seat, long now) {
    int absent = seat.absentHolder();
    boolean alone =
        absent == OwnerWord.NOBODY
            ? seat.isFree()
            : seat.lateHolder(now) != OwnerWord.NOBODY || crew.isStuck(absent);
    return alone && now - seat.lastPoll() > AGAIN_NANOS && !seat.driver().isUnused();
  }

  private void tookOver(LoopRunner worker, int holder, boolean forOnePoll) {
    if (!crew.loopTaken(holder, worker.index) && forOnePoll) {
      return; // again, in the same poll of its holder's
    }
    worker.countTakeover();
    if (FlightSwitch.isOn()) {
      Takeover.emit(holder, forOnePoll);
    }
  }

  /** True if a worker without a loop would find one. */
  boolean hasFree() {
    for (DriverSeat seat : seats) {
      if (seat.isFree()) {
        return true;
      }
    }
    return begun.get() < wanted;
  }

  /**
   * True if a loop that is used has not been polled for too long, or nobody holds it: every worker
   * without a loop is then stuck, or about to see it.
   */
  public boolean isAnyLate(long now) {
    for (DriverSeat seat : seats) {
      if ((seat.isFree() || seat.lateHolder(now) != OwnerWord.NOBODY)
          && !seat.driver().isUnused()) {
        return true;
      }
    }
    return false;
  }
}
