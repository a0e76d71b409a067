package dev.weft.perf.scheduler;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets the benchmark's thread wait for the last of many tasks. */
final class Done {
  private final AtomicInteger left;
  private final CountDownLatch all = new CountDownLatch(1);

  Done(int tasks) {
    left = new AtomicInteger(tasks);
  }

  void one() {
    if (left.decrementAndGet() == 0) {
      all.countDown();
    }
  }

  void await() throws InterruptedException {
    all.await();
  }
}
