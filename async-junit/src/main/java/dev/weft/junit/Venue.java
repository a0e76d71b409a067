package dev.weft.junit;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An executor for one test, whichever it is.
 *
 * @param clock its clock, if that is virtual
 * @param unended what is alive on it
 * @param close ends it within a time, after which that is given up
 */
record Venue(
    AsyncExecutor executor,
    @Nullable VirtualClock clock,
    Supplier<List<CloseReport.Unended>> unended,
    Function<Duration, CloseReport> close) {
  private static final String NAME = "async-test";

  /**
   * @param lost is told the name of each task whose failure nobody looks at, and that failure
   */
  static Venue of(RunOn kind, long seed, BiConsumer<? super String, ? super Throwable> lost) {
    WorkStealingExecutorBuilder builder =
        WorkStealingExecutor.builder().name(NAME).onUnheardFailure(lost);
    VirtualClock clock = new VirtualClock();
    return switch (kind) {
      case DETERMINISTIC -> of(builder.deterministic(seed).clock(clock).build(), clock);
      case VIRTUAL_TIME -> of(builder.noDriver().clock(clock).build(), clock);
      case WORK_STEALING -> of(builder.build(), null);
      case NODE -> node(lost);
    };
  }

  private static Venue of(WorkStealingExecutor executor, @Nullable VirtualClock clock) {
    return new Venue(
        executor, clock, executor::unended, bound -> executor.close(Duration.ZERO, bound));
  }

  private static Venue node(BiConsumer<? super String, ? super Throwable> lost) {
    NodeExecutor executor = NodeExecutor.builder().name(NAME).build();
    executor.execute(
        () -> {
          executor.onUnhandledRejection(
              (failure, future) -> lost.accept(future.toString(), failure));
          executor.onUncaughtException(failure -> lost.accept("a callback", failure));
        });
    return new Venue(
        executor, null, executor::unended, bound -> executor.close(Duration.ZERO, bound));
  }
}
