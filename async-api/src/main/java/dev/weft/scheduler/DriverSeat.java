package dev.weft.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The executor's driver, and which worker has it: worker 0, for the executor's whole life, opens it
 * on its own thread, polls it, sleeps in it and closes it. Other threads may have something called
 * there.
 */
final class DriverSeat {
  private final String executorName;
  private final Driver.@Nullable Provider provider;

  /** Open once the driver is, or could not be. */
  private final CountDownLatch opened = new CountDownLatch(1);

  private volatile @Nullable Throwable failure;
  private volatile @Nullable Driver driver;
  private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();

  /**
   * @param provider null if there is to be no driver
   */
  DriverSeat(String executorName, Driver.@Nullable Provider provider) {
    this.executorName = executorName;
    this.provider = provider;
  }

  /** True for the worker that has the driver. */
  boolean isHeldBy(Worker worker) {
    return worker.index == 0;
  }

  /** The driver; null if there is none, or none yet. */
  @Nullable Driver driver() {
    return driver;
  }

  /**
   * Opens the driver. On the thread of the worker that has it.
   *
   * @return false if it could not be opened
   */
  boolean open() {
    try {
      driver = provider == null ? null : provider.open();
      return true;
    } catch (Throwable error) {
      failure = error;
      return false;
    } finally {
      opened.countDown();
    }
  }

  /**
   * Waits until the driver is open.
   *
   * @throws IllegalStateException if it could not be opened
   */
  void awaitOpen() {
    boolean interrupted = false;
    while (true) {
      try {
        opened.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes milliseconds; and half an executor is no use to anyone
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable error = failure;
    if (error != null) {
      throw new IllegalStateException(
          "The driver "
              + (provider == null ? "" : provider.name())
              + " of the executor "
              + executorName
              + " could not be opened: "
              + error,
          error);
    }
  }

  /** Leaves a call for the worker that has the driver; the caller then unparks it. */
  void add(Runnable call) {
    calls.add(call);
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /** Makes the calls. On the thread of the worker that has the driver. */
  void makeCalls() {
    for (Runnable call; (call = calls.poll()) != null; ) {
      call.run();
    }
  }
}
