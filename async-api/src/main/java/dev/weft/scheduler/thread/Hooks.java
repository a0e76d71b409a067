package dev.weft.scheduler.thread;

import dev.weft.Task;
import dev.weft.log.LimitedLog;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What an application wants to be told of. What is absent costs a test of a final field for null.
 *
 * @param threadStart called on each worker's and each blocking thread, first
 * @param threadStop called there, last
 * @param park called on a worker that goes to sleep
 * @param unpark called on a worker that has slept
 * @param taskSpawn called with each spawned task, on the thread that spawns it, before it runs
 * @param taskEnd called with each such task when it has ended, on the thread that ran it last
 * @param unheardFailure called with a task's name and exception, see {@code UnheardFailures}
 */
public record Hooks(
    @Nullable Runnable threadStart,
    @Nullable Runnable threadStop,
    @Nullable Runnable park,
    @Nullable Runnable unpark,
    @Nullable Consumer<? super Task<?>> taskSpawn,
    @Nullable Consumer<? super Task<?>> taskEnd,
    @Nullable BiConsumer<? super String, ? super Throwable> unheardFailure) {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(Hooks.class));

  /** No hooks. */
  public static final Hooks NONE = new Hooks(null, null, null, null, null, null, null);

  /** Calls a hook; what it throws is logged and harms nobody. */
  public static void call(@Nullable Runnable hook) {
    if (hook != null) {
      try {
        hook.run();
      } catch (Throwable error) {
        logFailure(hook, error);
      }
    }
  }

  /** Calls a hook with a task. */
  public static void call(@Nullable Consumer<? super Task<?>> hook, Task<?> task) {
    if (hook != null) {
      try {
        hook.accept(task);
      } catch (Throwable error) {
        logFailure(hook, error);
      }
    }
  }

  private static void logFailure(Object hook, Throwable error) {
    String name = hook.getClass().getName();
    log.log(Level.ERROR, name + error.getClass().getName(), "The hook {} failed", name, error);
  }
}
