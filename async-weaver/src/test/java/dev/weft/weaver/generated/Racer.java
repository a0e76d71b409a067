package dev.weft.weaver.generated;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A thread that completes futures at once, while the program that got them goes on. */
final class Racer implements AutoCloseable {
  private static final int SPINS = 2_000;

  private record Completion(Runnable action, int delay) {}

  private final ConcurrentLinkedQueue<Completion> queue = new ConcurrentLinkedQueue<>();
  private final Thread thread = new Thread(this::run, "racer");

  /** Written before the queue is looked at for the last time; read after something was added. */
  private volatile boolean parked;

  private volatile boolean closed;

  Racer() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Has a future completed.
   *
   * @param spins a delay, so that it may come before the await, during it or after it
   */
  void complete(Runnable completion, int spins) {
    queue.add(new Completion(completion, spins));
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    int idle = 0;
    while (!closed) {
      Completion next = queue.poll();
      if (next != null) {
        for (int i = 0; i < next.delay; i++) {
          Thread.onSpinWait();
        }
        next.action.run();
        idle = 0;
      } else if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        parked = true;
        if (queue.isEmpty() && !closed) {
          LockSupport.park(this);
        }
        parked = false;
        idle = 0;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
