package dev.weft.scheduler.io;

import dev.weft.frame.Carrier;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the I/O loops know it: a carrier that may hold a loop, and be inside one.
 *
 * <p>A class and no interface, because Netty asks all the time whether the calling thread is inside
 * a loop. Whether a carrier is of a class is a comparison with one word of its own class; for an
 * interface it may be a search, and a store to a cache line that all workers read.
 */
public abstract class LoopRunner extends Carrier {
  /** The worker's number among those of its executor, from 0. */
  public final int index;

  /** The I/O that this worker does. */
  public final WorkerDriver driver;

  /** The workers with whom it shares the loops. */
  final LoopCrew loopCrew;

  /** Where this worker is inside; written and read by its own thread, see {@link DriverSeat}. */
  @Nullable DriverSeat inside;

  /** A worker that is yet to be given a thread. */
  protected LoopRunner(LoopCrew crew, DriverSeats seats, int index) {
    this.loopCrew = crew;
    this.index = index;
    this.driver = new WorkerDriver(this, seats);
  }

  /** True while this worker is inside a loop, of which only its own thread can get it out. */
  protected final boolean isInside() {
    return inside != null;
  }

  /**
   * What was waited for in a loop has come, and handlers are called now, which may take long: if
   * this worker slept it is awake. On its own thread.
   */
  protected abstract void beginsToHandle();

  /** The running task has spent time for others, which is not its own cost. On its thread. */
  protected abstract void discount(long nanos);

  /** The running task has sent something, for so long. On its thread. */
  protected abstract void countSending(long nanos);

  /** This worker has taken a loop from one that was late with its poll. On its own thread. */
  protected abstract void countTakeover();
}
