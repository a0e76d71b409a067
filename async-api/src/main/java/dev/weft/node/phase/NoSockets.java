package dev.weft.node.phase;

import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.ThreadDriver;

/** For a loop without sockets: it waits by parking its thread. */
public final class NoSockets implements Driver.Provider {
  @Override
  public Thread newThread(Runnable run, String name, Carrier carrier) {
    return new LoopThread(run, name, carrier);
  }

  @Override
  public Driver open() {
    ThreadDriver driver = new ThreadDriver();
    driver.moveTo(Thread.currentThread());
    return driver;
  }

  @Override
  public String name() {
    return "none";
  }

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
