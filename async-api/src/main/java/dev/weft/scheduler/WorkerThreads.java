package dev.weft.scheduler;

import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.thread.Heritage;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.thread.StartedThreads;
import dev.weft.scheduler.thread.WorkerThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run the workers. There are more of them than workers while tasks block some of
 * them in place, and for a while after that: a thread that has lost its worker waits for the next
 * one that is handed over.
 */
final class WorkerThreads {
  private final SchedulerConfig config;

  /** Workers that change threads; only to a thread that waits for one. */
  private final SynchronousQueue<Worker> handedOver = new SynchronousQueue<>();

  private final StartedThreads started = new StartedThreads();
  private final Set<Thread> spare = ConcurrentHashMap.newKeySet();

  /** Threads whose task has blocked them and has not come to the end of its poll. */
  private final AtomicInteger blocked = new AtomicInteger();

  private volatile boolean closed;

  private final Heritage heritage = new Heritage();

  WorkerThreads(SchedulerConfig config) {
    this.config = config;
  }

  @Nullable ClassLoader contextClassLoader() {
    return heritage.contextClassLoader();
  }

  private String name(Worker worker) {
    return config.name() + "-worker-" + worker.index;
  }

  /** A thread that carries a worker, not started. */
  Thread make(Worker worker, Runnable run) {
    Driver.Provider provider = config.driver();
    Runnable whole =
        () -> {
          started.addCurrent();
          run.run();
        };
    return provider == null
        ? new WorkerThread(whole, name(worker), worker)
        : provider.newThread(whole, name(worker), worker);
  }

  /** The thread that polls a frame; null if none does. A moment old. */
  @Nullable Thread threadOf(Frame<?> frame) {
    for (Thread thread : started.all()) {
      if (((CarrierThread) thread).carrier().polledFrame() == frame) {
        return thread;
      }
    }
    return null;
  }

  /** Shows somebody which thread polls which frame. A moment old. */
  void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor) {
    for (Thread thread : started.all()) {
      Frame<?> frame = ((CarrierThread) thread).carrier().polledFrame();
      if (frame != null && thread.isAlive()) {
        visitor.accept(thread, frame);
      }
    }
  }

  /** Waits for threads that are about to end, at the most until a time of the system's clock. */
  void join(long deadline) throws InterruptedException {
    started.join(deadline);
  }

  /** Runs a worker on the calling thread, and then those that are handed over to it. */
  void live(Worker first) {
    Worker worker = first;
    while (!worker.run()) {
      ((CarrierThread) Thread.currentThread()).carrier().forgetPolled();
      blocked.decrementAndGet();
      worker.scheduler().blockedTaskEnded();
      Worker next = awaitNext();
      if (next == null) {
        Hooks.call(config.hooks().threadStop());
        return;
      }
      worker = next;
      Thread.currentThread().setName(name(worker));
      ((CarrierThread) Thread.currentThread()).carry(worker);
    }
  }

  /**
   * Has another thread run a worker. By the thread that runs it now, for the last time.
   *
   * @throws OutOfMemoryError if there is no thread to be had; the worker stays where it is
   */
  void handOver(Worker worker) {
    Thread here = Thread.currentThread();
    String before = here.getName();
    blocked.incrementAndGet();
    try {
      here.setName(name(worker) + "-blocked");
      if (!handedOver.offer(worker)) {
        startAnother(worker);
      } // and from here on, nothing may fail
    } catch (Throwable noThread) {
      here.setName(before);
      blocked.decrementAndGet();
      throw noThread;
    }
  }

  private void startAnother(Worker worker) {
    heritage.make(() -> make(worker, () -> join(worker))).start();
  }

  private void join(Worker worker) {
    worker.greet();
    live(worker);
  }

  /** Null when the thread has waited long enough, or there will be none. */
  private @Nullable Worker awaitNext() {
    Thread thread = Thread.currentThread();
    Thread.interrupted(); // meant for the task
    spare.add(thread);
    try {
      // Who closes writes and then looks for the spare; here it is the other way round.
      return closed
          ? null
          : handedOver.poll(config.blockingKeepAlive().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException closing) {
      return null;
    } finally {
      spare.remove(thread);
    }
  }

  /** True while a task blocks a thread in place. */
  boolean isAnyBlocked() {
    return blocked.get() > 0;
  }

  /** Ends the spare threads. When there are no workers any more. */
  void close() {
    closed = true;
    spare.forEach(Thread::interrupt);
  }
}
