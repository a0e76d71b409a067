package dev.weft;

import dev.weft.adapter.ForeignEngine;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.frame.TaskLabel;
import dev.weft.scheduler.Engine;
import dev.weft.scheduler.task.OwnedTask;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Any {@link Executor} as an {@link AsyncExecutor}: async methods run on its threads, between
 * whatever else these do. For code that is confined to a thread: that of a user interface, of an
 * actor, of a library that is not thread-safe.
 *
 * <pre>{@code
 * static final AsyncExecutor UI = ExecutorAdapter.of(SwingUtilities::invokeLater);
 *
 * static Task<Void> onClick(JLabel label) {
 *   await(Async.on(UI));
 *   label.setText("...");
 *   String name = await(Async.spawnBlocking(() -> Files.readString(Path.of("name"))));
 *   label.setText(name);                // on the event thread again
 *   return done();
 * }
 * }</pre>
 *
 * <p><b>Where what runs.</b> Each poll of a task, from one suspension to the next, is a command of
 * the executor. While it runs, the thread is known as one of this executor ({@link
 * AsyncExecutor#current}); what else it runs is not, so an async method that is called from a plain
 * callback is one called outside any executor: begin it with {@code await(Async.on(..))}, or spawn
 * it. An executor has no timers and no threads for calls that block: {@link #sleep} and {@link
 * #spawnBlocking} are those of another executor, the shared one by default. Tasks run one at a time
 * if the executor has one thread, and else in parallel.
 *
 * <p>The executor must run commands later or on other threads, and not within {@code execute}
 * itself: what is resumed would run inside who completes what it awaits.
 *
 * <p><b>If it does not accept a command</b> the task that was to run fails with {@link
 * RejectedExecutionException}: its method is resumed with a {@link HaltedError} at its await, on a
 * thread of this adapter, so that its {@code finally} blocks run. A method that awaits {@link
 * Async#on} goes back to where it was, and is thrown a {@code RejectedExecutionException} there.
 *
 * <p><b>The end.</b> {@link #close} ends the tasks as that of the other executors does, and leaves
 * the executor alone, which belongs to whoever has made it. It waits for what runs there: so it
 * must not be called on one of its threads, and not after the executor was shut down by {@code
 * shutdownNow}, which drops what is queued; the tasks concerned then end when the bound is over.
 *
 * <p>All methods may be called from any thread. {@link #blockOn} and {@code close} refuse to be
 * called by a task of this executor; that any other code runs on one of its threads they do not
 * know, and would wait there for themselves.
 */
public final class ExecutorAdapter extends EngineExecutorService {
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final ForeignEngine engine;
  private final Supplier<? extends AsyncExecutor> services;

  private ExecutorAdapter(Executor executor, Supplier<? extends AsyncExecutor> services) {
    super(LoggerFactory.getLogger(ExecutorAdapter.class), Duration.ZERO, CLOSE_BOUND);
    this.services = services;
    String name = "adapter of " + TaskLabel.describe(executor.getClass());
    this.engine = new ForeignEngine(executor, this, name);
  }

  /**
   * An adapter with the timers and the blocking threads of {@link WorkStealingExecutor#shared}.
   *
   * @throws IllegalArgumentException if the executor runs async methods by itself
   */
  public static ExecutorAdapter of(Executor executor) {
    return new ExecutorAdapter(foreign(executor), WorkStealingExecutor::shared);
  }

  /**
   * An adapter with the timers and the blocking threads of another executor.
   *
   * @param services is not closed by this; is to be closed after it
   * @throws IllegalArgumentException if the executor runs async methods by itself
   */
  public static ExecutorAdapter of(Executor executor, AsyncExecutor services) {
    Objects.requireNonNull(services, "services");
    return new ExecutorAdapter(foreign(executor), () -> services);
  }

  private static Executor foreign(Executor executor) {
    Objects.requireNonNull(executor, "executor");
    if (executor instanceof AsyncExecutor) {
      throw new IllegalArgumentException(
          executor + " runs async methods by itself: use it without an adapter");
    }
    return executor;
  }

  @Override
  Engine engine() {
    return engine;
  }

  // ---- async tasks

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    return started(OwnedTask.of(this, body.getClass(), body));
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    return started(OwnedTask.of(this, name, body.getClass(), body));
  }

  private <T extends @Nullable Object> Task<T> started(OwnedTask<T> task) {
    return engine.start(task) ? task : Settled.failure(rejection());
  }

  private RejectedExecutionException rejection() {
    return new RejectedExecutionException(engine.refusal());
  }

  /** {@inheritDoc} Those of the executor that lends its services. */
  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    return engine.isShutdown() && !engine.isOwnThread()
        ? Settled.failure(rejection())
        : services.get().spawnBlocking(call);
  }

  /** {@inheritDoc} By the timers of the executor that lends its services. */
  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    return services.get().sleep(duration);
  }

  @Override
  public long nanoTime() {
    return services.get().nanoTime();
  }

  @Override
  public void schedule(Frame<?> frame) {
    engine.schedule(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    engine.schedule(frame);
  }

  // ---- ordinary tasks

  /**
   * Runs a command as a task. What it throws goes to the thread's uncaught exception handler.
   *
   * @throws RejectedExecutionException if this executor no longer accepts work
   */
  @Override
  public void execute(Runnable command) {
    OwnedTask<?> task =
        command instanceof OwnedTask<?> made && made.isUnstarted()
            ? made
            : OwnedTask.of(
                this,
                command.getClass(),
                () -> {
                  try {
                    command.run();
                  } catch (Throwable error) {
                    UncaughtErrors.report(error);
                  }
                  return Async.done();
                });
    if (!engine.start(task)) {
      throw rejection();
    }
  }

  @Override
  <T extends @Nullable Object> RunnableFuture<T> unstarted(
      Class<?> origin, Callable<? extends CompletionStage<T>> body) {
    return OwnedTask.of(this, origin, body);
  }

  // ---- the end

  /** Accepts no more tasks from outside. It has ended when those that there are have. */
  @Override
  public void shutdown() {
    engine.shutdown();
  }

  /**
   * As {@link #shutdown}, and cancels every task.
   *
   * @return an empty list: the tasks are futures, and each says itself that it was cancelled
   */
  @Override
  public List<Runnable> shutdownNow() {
    engine.shutdownNow();
    return List.of();
  }
}
