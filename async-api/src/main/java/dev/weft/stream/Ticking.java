package dev.weft.stream;

import dev.weft.Interval;
import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@code interval}: numbered ticks. */
final class Ticking extends Intake {
  private final Callable<Interval> start;
  private @Nullable Interval interval;
  private @Nullable Task<@Nullable Void> tick;
  private long count;

  /**
   * Ticks of one interval.
   *
   * @param start makes the interval when the first tick is asked for, on the executor of who asks
   */
  Ticking(Callable<Interval> start) {
    this.start = start;
  }

  @Override
  @Nullable Object poll() throws Exception {
    Interval ticks = interval;
    if (ticks == null) {
      ticks = start.call();
      interval = ticks;
    }
    Task<@Nullable Void> due = tick == null ? ticks.tick() : tick;
    if (!due.isFinished()) {
      tick = due;
      return WAIT;
    }
    tick = null;
    Await.take(due);
    return count++;
  }

  @Override
  Task<?> awaited() {
    return Objects.requireNonNull(tick);
  }

  @Override
  void letGo(Throwable told) {
    if (tick != null && isOver(tick, told)) {
      tick = null;
    }
  }

  @Override
  Task<@Nullable Void> close() {
    Task<@Nullable Void> waiting = tick;
    tick = null;
    return Shutdown.of(Shutdown.ending(waiting), List.of());
  }
}
