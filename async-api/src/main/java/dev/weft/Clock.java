package dev.weft;

/**
 * The time by which an executor's timers run.
 *
 * <pre>{@code
 * // The program passes Clock.SYSTEM, its tests a VirtualClock.
 * static WorkStealingExecutor started(Clock clock) {
 *   return WorkStealingExecutor.builder().clock(clock).build();
 * }
 * }</pre>
 */
public interface Clock {
  /**
   * The one that everybody's watch shows. Not {@code System::nanoTime}: JDK 25's AOT cache does not
   * keep the lambda of an interface that has default methods and a field to set, and to make its
   * class takes milliseconds of every start.
   */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public String toString() {
          return "the system's clock";
        }
      };

  /**
   * The time in nanoseconds from an arbitrary origin, as {@link System#nanoTime()}: never moves
   * back. From any thread.
   */
  long nanoTime();

  /**
   * True if time stands still while anything runs, and is to be moved on by {@link #skipTo} when
   * nothing does. Always the same answer.
   */
  default boolean isVirtual() {
    return false;
  }

  /** Moves a virtual clock on; does nothing if it is as late already. From any thread. */
  default void skipTo(long nanoTime) {
    throw new UnsupportedOperationException("not a virtual clock: " + this);
  }
}
