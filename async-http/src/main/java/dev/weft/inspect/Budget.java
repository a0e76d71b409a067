package dev.weft.inspect;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When to look at all tasks again, so that the page takes less than 2 % of a processor: what has
 * cost t of CPU time comes again 300 t later. Answers count as well, so that many pages, or
 * somebody who sorts this way and that, put the next look off rather than the program; by half a
 * minute at the most, as who searches for long wants to see what is there now.
 */
final class Budget {
  /**
   * A third of a percent; the rest is for deadlocks, and for what collector and compilers do on
   * other threads. Measured with 100,000 tasks: with twice as much the first two minutes that a
   * page was open took 2.3 and 3.2 % in all, with this 1.7 and 1.3.
   */
  private static final int SHARE = 300;

  /** More often than that nobody can read it. Guessed. */
  private static final long LEAST = TimeUnit.SECONDS.toNanos(1);

  /** Longer than that answers put no look off. Guessed. */
  private static final long MOST_FOR_ANSWERS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier clock;
  private final LongSupplier cpu;
  private boolean begun;
  private long begunAt;
  private long cpuBefore;
  private long cpuOfLook;

  /**
   * @param clock by {@link System#nanoTime}
   * @param cpu the CPU time of the inspector's thread so far, in nanoseconds
   */
  Budget(LongSupplier clock, LongSupplier cpu) {
    this.clock = clock;
    this.cpu = cpu;
  }

  /** A look at all tasks begins. */
  void begin() {
    begun = true;
    begunAt = clock.getAsLong();
    cpuBefore = cpu.getAsLong();
  }

  /** The look has ended; what comes now are answers. */
  void end() {
    cpuOfLook = cpu.getAsLong() - cpuBefore;
  }

  /** Takes out what has its own share: see {@link Scans}. */
  void exclude(long nanos) {
    cpuBefore += nanos;
  }

  /** How long the next one has to wait, in nanoseconds; 0 or less if it may be now. */
  long nanosLeft() {
    if (!begun) {
      return 0;
    }
    long answers = cpu.getAsLong() - cpuBefore - cpuOfLook;
    long pause = pause(cpuOfLook) + Math.min(pause(answers), MOST_FOR_ANSWERS);
    return Math.max(LEAST, pause) - (clock.getAsLong() - begunAt);
  }

  private static long pause(long spent) {
    return SHARE * Math.max(0, Math.min(spent, Long.MAX_VALUE / (2 * SHARE)));
  }
}
