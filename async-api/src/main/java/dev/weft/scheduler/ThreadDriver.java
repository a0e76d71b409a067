package dev.weft.scheduler;

import java.util.concurrent.locks.LockSupport;

/** The driver of a worker that waits for no I/O: it blocks its thread. */
final class ThreadDriver implements Driver {
  private final Thread thread;

  ThreadDriver(Thread thread) {
    this.thread = thread;
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
