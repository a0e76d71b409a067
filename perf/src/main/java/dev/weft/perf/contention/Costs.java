package dev.weft.perf.contention;

/**
 * What the steps of the model take, in nanoseconds. They give the interleaving a plausible shape;
 * the counts depend on them little, the times as much as they are worth.
 */
final class Costs {
  private Costs() {}

  /** A load or store that hits the own cache, with what stands around it. Guessed. */
  static final long HIT = 1;

  /**
   * A load of a line that others have only read. A third-level cache's latency, 40 to 70 cycles.
   */
  static final long SHARED_LOAD = 15;

  /**
   * A line comes from another processor's cache. Within one socket 40 to 100; measured here for a
   * store that a fence waits for: 60 (docs/scheduler.md, "a table of live tasks per worker").
   */
  static final long TRANSFER = 60;

  /** An atomic read-modify-write of a line that one has: some 18 to 20 cycles on x86. */
  static final long RMW = 8;

  /** A look at the clock: {@code System.nanoTime()} by the time stamp counter, 20 to 25. */
  static final long CLOCK = 25;

  /**
   * Between taking a frame and giving it up, without its own work. Guessed from a chain of spawns.
   */
  static final long POLL = 20;

  /** Making a task. Guessed from the same, 41 ns in all (WorkerCounters). */
  static final long MAKE = 20;

  /** What a task does in a poll: a short handler. Chosen. */
  static final long WORK = 1_000;

  /**
   * What a wake-up costs the waker, and until the sleeper runs. Of the 5,000 on both sides that
   * were measured (Backlog), split by guess.
   */
  static final long UNPARK = 2_000;

  static final long RISE = 3_000;
}
