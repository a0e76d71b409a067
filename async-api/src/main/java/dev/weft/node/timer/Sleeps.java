package dev.weft.node.timer;

import dev.weft.Task;
import dev.weft.node.host.LoopThread;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end when a time is over. On the loop's thread such a one is the timer that {@code
 * setTimeout} would start there, in the same list, as {@code timers/promises} does it in Node: so a
 * sleep and a timeout of the same milliseconds end in the order in which they began. Another
 * thread's request comes later than it was made, so that one counts from when it was.
 */
public final class Sleeps {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LoopThread loop;
  private final TimersPhase timers;
  private final LoopTime time;

  /** Sleeps by the timers of a loop. */
  public Sleeps(LoopThread loop, TimersPhase timers, LoopTime time) {
    this.loop = loop;
    this.timers = timers;
    this.time = time;
  }

  /**
   * Begins one; from any thread.
   *
   * @param duration more than zero
   */
  public Task<@Nullable Void> begin(Duration duration) {
    long nanos = saturatedNanos(duration);
    long due = time.nanos() + nanos;
    SleepTask sleep = new SleepTask(loop, timers, time, due);
    if (loop.isOnThread()) {
      sleep.start(roundedUp(nanos));
    } else {
      loop.post(
          new SleepTask.Start(
              sleep, () -> sleep.start(Math.max(1, roundedUp(due) - time.millis()))));
    }
    return sleep;
  }

  /** Of which two can be added. */
  private static long saturatedNanos(Duration duration) {
    return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
  }

  /** Up, where Node rounds down: whoever asks for 1.5 ms is not to get less than Node's 1.5. */
  private static long roundedUp(long nanos) {
    return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }
}
