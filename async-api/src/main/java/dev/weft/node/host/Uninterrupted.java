package dev.weft.node.host;

import java.util.concurrent.CountDownLatch;

/** Waits for what takes milliseconds, and leaves half an executor if it is not waited for. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Waits; an interrupt that comes meanwhile is kept for later. */
  public static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
