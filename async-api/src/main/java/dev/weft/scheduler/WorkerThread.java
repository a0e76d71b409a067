package dev.weft.scheduler;

import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;

/** The thread of a worker of an executor without sockets. */
final class WorkerThread extends Thread implements CarrierThread {
  private final Carrier carrier;

  WorkerThread(Runnable run, String name, Carrier carrier) {
    super(run, name);
    this.carrier = carrier;
    setDaemon(true);
  }

  @Override
  public Carrier carrier() {
    return carrier;
  }
}
