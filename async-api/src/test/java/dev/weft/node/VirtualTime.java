package dev.weft.node;

import dev.weft.frame.Carrier;
import dev.weft.node.loop.EventLoop;
import dev.weft.node.phase.NoSockets;
import dev.weft.scheduler.io.Driver;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while the loop has something to do, and jumps to the next timer when it
 * waits; and a socket pair of which one end gets at the next poll what was written to the other.
 */
final class VirtualTime implements Driver, Driver.Provider, LongSupplier {
  private final Driver.Provider threads = new NoSockets();
  private long now = 1_000_000_000;
  private EventLoop loop;

  private final ArrayDeque<Runnable> requests = new ArrayDeque<>();

  /** What becomes readable for the next poll. */
  private Runnable readable;

  /** Writes a byte; the callback gets it. One is under way at a time, the others wait. */
  void io(Runnable callback) {
    requests.add(callback);
    write();
  }

  void pass(long nanos) {
    now += nanos;
  }

  private void write() {
    if (readable == null) {
      readable = requests.poll();
    }
  }

  @Override
  public int poll() {
    Runnable callback = readable;
    if (callback == null) {
      return 0;
    }
    loop.turn()
        .call(
            () -> {
              readable = null;
              try {
                callback.run();
              } finally {
                write();
              }
            });
    return 1;
  }

  @Override
  public int park(long nanos) {
    int handled = poll();
    if (handled == 0) {
      if (nanos == Long.MAX_VALUE) {
        throw new AssertionError("the loop waits for nothing");
      }
      now += nanos;
    }
    return handled;
  }

  @Override
  public boolean hasSockets() {
    return readable != null;
  }

  @Override
  public long getAsLong() {
    return now;
  }

  @Override
  public void unpark() {}

  @Override
  public void close() {}

  @Override
  public Thread newThread(Runnable run, String name, Carrier carrier) {
    return threads.newThread(run, name, carrier);
  }

  @Override
  public Driver open() {
    loop = (EventLoop) Carrier.current();
    return this;
  }

  @Override
  public String name() {
    return "virtual time";
  }
}
