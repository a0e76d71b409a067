package dev.weft.net.memory;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where direct memory is allocated and freed: the JDK lets a thread that asks for more than there
 * is sleep for half a second before it refuses ({@code java.nio.Bits.reserveMemory}). No worker is
 * to do that. One thread for the process, which ends when it has nothing to do.
 */
final class MemoryThread {
  private static final ScheduledThreadPoolExecutor THREAD =
      new ScheduledThreadPoolExecutor(1, MemoryThread::create);

  static {
    THREAD.setKeepAliveTime(10, TimeUnit.SECONDS);
    THREAD.allowCoreThreadTimeOut(true);
  }

  private MemoryThread() {}

  private static Thread create(Runnable run) {
    Thread thread = new Thread(null, run, "weft-memory", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // it outlives the application that was there first
    return thread;
  }

  static void run(Runnable action) {
    THREAD.execute(action);
  }

  static void runLater(Runnable action, long millis) {
    THREAD.schedule(action, millis, TimeUnit.MILLISECONDS);
  }
}
