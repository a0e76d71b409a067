package dev.weft.node.phase;

import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import dev.weft.scheduler.io.Driver;
import java.util.concurrent.locks.LockSupport;

/** What a loop without sockets waits in: its thread is parked. */
public final class NoSockets implements Driver, Driver.Provider {
  /**
   * In place of a driver that is yet to be opened. Nothing waits in it, so nothing is to be woken.
   */
  static final Driver UNOPENED = new NoSockets();

  private volatile Thread thread = Thread.currentThread();

  @Override
  public Thread newThread(Runnable run, String name, Carrier carrier) {
    return new LoopThread(run, name, carrier);
  }

  @Override
  public Driver open() {
    thread = Thread.currentThread();
    return this;
  }

  @Override
  public String name() {
    return "none";
  }

  @Override
  public int poll() {
    return 0;
  }

  @Override
  public int park(long nanos) {
    Thread.interrupted(); // a callback may have left it set, and then no park would block
    if (nanos == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, nanos);
    }
    return 0;
  }

  /** A permit that comes before the park is kept for it. */
  @Override
  public void unpark() {
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {}

  private static final class LoopThread extends Thread implements CarrierThread {
    private final Carrier carrier;

    LoopThread(Runnable run, String name, Carrier carrier) {
      super(run, name);
      this.carrier = carrier;
      setDaemon(true);
    }

    @Override
    public Carrier carrier() {
      return carrier;
    }
  }
}
