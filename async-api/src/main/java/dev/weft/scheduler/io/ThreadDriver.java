package dev.weft.scheduler.io;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The driver of a worker or an event loop that waits for no I/O: it blocks its thread. */
public final class ThreadDriver implements Driver {
  /** The thread that parks here at present; null before the first, and then nothing is woken. */
  private volatile @Nullable Thread thread;

  /**
   * Moves to another thread. Who unparks the last one for lack of knowing does no harm: the new one
   * has yet to announce its sleep, and looks for what it was woken for after that.
   */
  public void moveTo(Thread next) {
    thread = next;
  }

  @Override
  public int poll() {
    return 0;
  }

  @Override
  public int park(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
    return 0;
  }

  /** A permit that comes before the park is kept for it, so there is nothing to check twice. */
  @Override
  public void unpark() {
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {}
}
