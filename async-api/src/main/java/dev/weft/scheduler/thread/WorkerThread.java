package dev.weft.scheduler.thread;

import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;

/** The thread of a worker of an executor without sockets. */
public final class WorkerThread extends Thread implements CarrierThread {
  private Carrier carrier; // confined to the thread

  /** A daemon, not started. */
  public WorkerThread(Runnable run, String name, Carrier carrier) {
    super(run, name);
    this.carrier = carrier;
    setDaemon(true);
  }

  @Override
  public Carrier carrier() {
    return carrier;
  }

  @Override
  public void carry(Carrier next) {
    carrier = next;
  }
}
