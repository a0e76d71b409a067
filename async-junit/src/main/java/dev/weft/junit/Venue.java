package dev.weft.junit;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    Map<Long, WeakReference<Task<?>>> spawned = new ConcurrentHashMap<>();
    WorkStealingExecutorBuilder builder =
        WorkStealingExecutor.builder()
            .name(NAME)
            .onUnheardFailure(lost)
            .onTaskSpawn(task -> spawned.put(task.id(), new WeakReference<>(task)));
    VirtualClock clock = new VirtualClock();
    return switch (kind) {
      case DETERMINISTIC -> of(builder.deterministic(seed).clock(clock).build(), clock, spawned);
      case VIRTUAL_TIME -> of(builder.noDriver().clock(clock).build(), clock, spawned);
      case WORK_STEALING -> of(builder.build(), null, spawned);
      case NODE -> node(lost);
    };
  }

  private static Venue of(
      WorkStealingExecutor executor,
      @Nullable VirtualClock clock,
      Map<Long, WeakReference<Task<?>>> spawned) {
    return new Venue(
        executor,
        clock,
        () ->
            executor.unended().stream()
                .filter(unended -> !isFinished(spawned.get(unended.id())))
                .toList(),
        bound -> executor.close(Duration.ZERO, bound));
  }

  /** Who awaits a task may go on before its worker has taken it off the list. */
  private static boolean isFinished(@Nullable WeakReference<Task<?>> spawned) {
    Task<?> task = spawned == null ? null : spawned.get();
    return task != null && task.isFinished();
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
