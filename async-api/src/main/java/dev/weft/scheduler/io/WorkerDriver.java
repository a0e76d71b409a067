package dev.weft.scheduler.io;

import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.Park;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part in I/O: the loop that it holds, if it holds one, and where it sleeps.
 *
 * <p>All methods are called on the worker's thread, except {@link #unpark} and {@link #hasLoop}.
 */
public final class WorkerDriver {
  /**
   * How long a worker sleeps at a time that sees to a loop beside its own. The monitor's pace; NIO
   * makes a millisecond of it, and would not sleep at all for less.
   */
  private static final long CARE_NANOS = 500_000;

  private final LoopRunner worker;
  private final DriverSeats seats;
  private final ThreadDriver threadDriver;

  /** The loop that this worker holds, unless another has taken it over since. */
  private @Nullable DriverSeat held;

  private volatile boolean hasLoop;

  /** Whether the last look at the other loops has found one that nobody polled. */
  private boolean caring;

  /**
   * What an unparker wakes. Written before the worker announces its sleep, so who takes it from the
   * idle set sees it.
   */
  private volatile Driver bed;

  /** The sleep that is recorded, from its begin to its end. */
  private @Nullable Park park;

  WorkerDriver(LoopRunner worker, DriverSeats seats) {
    this.worker = worker;
    this.seats = seats;
    this.threadDriver = new ThreadDriver();
    this.bed = threadDriver;
  }

  /** Has another thread sleep here, while the worker is awake. */
  public void moveTo(Thread thread) {
    threadDriver.moveTo(thread);
  }

  /** True if the loop that this worker holds can only be run by the thread that opened it. */
  public boolean isBoundToThread() {
    DriverSeat mine = held;
    return mine != null && mine.isPinned();
  }

  /** Called once, before all others. */
  public void open() {
    hold(seats.openFirst(worker));
  }

  /** True for the loop that this worker holds or has just lost. */
  boolean holds(DriverSeat seat) {
    return held == seat;
  }

  /** From any thread; a moment old. */
  public boolean hasLoop() {
    return hasLoop;
  }

  private void hold(@Nullable DriverSeat seat) {
    held = seat;
    hasLoop = seat != null;
  }

  // ---- between tasks

  /**
   * One look at I/O: at the loop that this worker holds, or at one that it takes over, and at the
   * loops of workers that are late with theirs.
   *
   * @return how much was handled
   */
  public int poll(long now) {
    if (held == null && seats.first() != null) {
      DriverSeat found = seats.adopt(worker, now, true);
      if (found != null) {
        hold(found);
      }
    }
    DriverSeat mine = held;
    if (mine == null) {
      return 0;
    }
    int handled = 0;
    if (mine.use(worker)) {
      long end = now;
      try {
        handled = mine.driver().poll();
        end = handled == 0 ? now : System.nanoTime();
        measure(mine, end);
      } finally {
        mine.release(worker, end);
      }
    } else if (!mine.isHeldBy(worker.index)) {
      hold(null);
      return 0;
    }
    return handled + help(mine, now);
  }

  private int help(DriverSeat mine, long now) {
    if (seats.all().length == 1) {
      return 0;
    }
    DriverSeat other = seats.borrow(worker, mine, now);
    caring = other != null;
    if (other == null) {
      return 0;
    }
    long end = now;
    try {
      int handled = other.driver().poll();
      end = System.nanoTime();
      measure(other, end);
      return handled;
    } finally {
      other.release(worker, end);
    }
  }

  private void measure(DriverSeat mine, long now) {
    if (seats.mayBeSeveral() && mine.isBusy(now)) {
      seats.requestForLoad();
    }
  }

  // ---- sleeping

  /** Chooses where to sleep. Before the worker announces that it sleeps. */
  public void makeBed(long now) {
    DriverSeat mine = held;
    if (mine != null && !mine.isPinned()) {
      if (!mine.isHeldBy(worker.index)) {
        hold(null);
      } else if (mine.isInUse() && mine.giveUp(worker.index)) {
        // Borrowed at this moment, and we cannot sleep in it. The borrower looks for a sleeper
        // when it is done; we look for a free loop after our announcement.
        hold(null);
      }
    }
    if (held == null && seats.first() != null) {
      hold(seats.adopt(worker, now, false));
    } else if (held != null && isOneOfSeveral(held)) {
      moveToBusier(held, now);
    }
    DriverSeat chosen = held;
    bed = chosen == null ? threadDriver : chosen.driver();
  }

  private boolean isOneOfSeveral(DriverSeat mine) {
    return seats.all().length > 1 && !mine.isPinned();
  }

  /**
   * Leaves the own loop for one that is late and has more to do; else a worker that sleeps in a
   * loop of little use would poll that one now and then only. Measured, with a second loop that had
   * been opened as a reserve and one connection that burned 100 ms at a time: the others had a p99
   * of 45 to 99 ms.
   */
  private void moveToBusier(DriverSeat mine, long now) {
    DriverSeat busier = seats.takeOverBusier(worker, mine, now);
    if (busier != null) {
      hold(busier);
      if (mine.giveUp(worker.index)) {
        worker.loopCrew.wakeForFreeLoop();
      }
    }
  }

  /** True if, after the announcement, the worker had better get up and take a loop. */
  public boolean hasReasonToRise() {
    return held == null && seats.first() != null && seats.hasFree();
  }

  /** Sleeps; returns how much I/O was handled. */
  public int park(long nanos) {
    if (!FlightSwitch.isOn()) {
      return sleep(nanos);
    }
    park = Park.beginIfWanted();
    try {
      return sleep(nanos);
    } finally {
      endPark();
    }
  }

  /** The sleep is over, as there is I/O to handle, or altogether; does nothing the second time. */
  void endPark() {
    Park recorded = park;
    if (recorded != null) {
      park = null;
      recorded.emit(held != null);
    }
  }

  private int sleep(long nanos) {
    DriverSeat mine = held;
    if (mine == null) {
      return threadDriver.park(nanos);
    }
    if (isOneOfSeveral(mine)) {
      long now = System.nanoTime();
      if ((caring || seats.isAnotherNeglected(mine, now)) && seats.beginCare(worker)) {
        try {
          int handled = help(mine, now);
          return handled > 0 ? handled : sleepIn(mine, Math.min(nanos, CARE_NANOS));
        } finally {
          seats.endCare();
        }
      }
      caring = false;
    }
    return sleepIn(mine, nanos);
  }

  private int sleepIn(DriverSeat mine, long nanos) {
    if (!mine.use(worker)) {
      return 0; // taken over or borrowed this very moment: the worker goes round once more
    }
    long now = 0;
    try {
      int handled = mine.driver().park(nanos);
      now = System.nanoTime();
      measure(mine, now);
      return handled;
    } finally {
      mine.release(worker, now == 0 ? System.nanoTime() : now);
    }
  }

  /** Wakes the worker, or keeps it from its next sleep. From any thread. */
  public void unpark() {
    bed.unpark();
  }

  // ---- the end

  /** Closes the loop that this worker holds, or leaves it to who is inside. */
  public void close() {
    DriverSeat mine = held;
    hold(null);
    if (mine != null) {
      if (mine.use(worker)) {
        close(mine);
      } else {
        mine.giveUp(worker.index);
      }
    }
  }

  /** Closes what others have left. By the last worker to leave. */
  public void closeTheRest() {
    for (DriverSeat seat : seats.all()) {
      if (seat.take(worker.index) && seat.use(worker)) {
        close(seat);
      }
    }
  }

  /** From inside, where the worker stays for ever: nobody is to enter any more. */
  private static void close(DriverSeat seat) {
    seat.driver().close();
  }
}
