package dev.weft.net.loop;

import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import io.netty.util.concurrent.FastThreadLocalThread;

/**
 * A worker's thread, of Netty's kind: its buffer allocator and recyclers keep a cache per thread.
 */
public final class SocketThread extends FastThreadLocalThread implements CarrierThread {
  private Carrier carrier; // confined to the thread

  private SocketThread(Runnable run, String name, Carrier carrier) {
    super(run, name);
    this.carrier = carrier;
    setDaemon(true);
  }

  /**
   * A thread that is not started; as just a thread, since its caller is loaded without Netty, too.
   */
  public static Thread of(Runnable run, String name, Carrier carrier) {
    return new SocketThread(run, name, carrier);
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
