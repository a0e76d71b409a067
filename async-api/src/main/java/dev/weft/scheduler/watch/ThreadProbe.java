package dev.weft.scheduler.watch;

import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** What can be seen of a thread from outside. All of it is a moment old. */
class ThreadProbe {
  /** What the JVM says; costs nothing but a field's read. */
  Thread.State state(Thread thread) {
    return thread.getState();
  }

  /** The CPU time that the thread has used, in nanoseconds; -1 if the JVM does not say. 2 us. */
  long cpuNanos(Thread thread) {
    return Management.MEASURES ? Management.THREADS.getThreadCpuTime(thread.getId()) : -1;
  }

  /** The innermost frame first; empty if the thread has ended. Costs a safepoint before JDK 19. */
  StackTraceElement[] stack(Thread thread) {
    return thread.getStackTrace();
  }

  /** What it waits for, and who has that; null if the thread has ended. Without its stack. */
  @Nullable ThreadInfo info(Thread thread) {
    return Management.THREADS.getThreadInfo(thread.getId());
  }

  /** What is polled on it; null if it is no frame. */
  @Nullable Frame<?> polled(Thread thread) {
    return thread instanceof CarrierThread carrying ? carrying.carrier().polledFrame() : null;
  }

  /** True if it blocks in place, so that another thread is to run its worker, or does already. */
  boolean mayBlock(Thread thread) {
    return thread instanceof CarrierThread carrying && carrying.carrier().mayBlock();
  }

  /** Loaded when a poll is long for the first time: that takes some 25 ms. */
  private static final class Management {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static final boolean MEASURES =
        THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();
  }
}
