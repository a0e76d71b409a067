package dev.weft;

import dev.weft.frame.Carrier;
import dev.weft.node.loop.LoopConfig;
import dev.weft.scheduler.watch.SlowPolls;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link NodeExecutor}. Made by {@link NodeExecutor#builder}; not for use by more than
 * one thread.
 *
 * <pre>{@code
 * try (NodeExecutor node = NodeExecutor.builder().name("main-loop").poolThreads(8).build()) {
 *   node.blockOn(() -> serve(8080));
 * }
 * }</pre>
 */
public final class NodeExecutorBuilder extends DriverOption<NodeExecutorBuilder> {
  private String name = "node";
  private int poolThreads;
  private LongSupplier nanoClock = System::nanoTime;
  private Duration slowPollThreshold = WorkStealingExecutorBuilder.SLOW_POLL_THRESHOLD;

  /** Null for what suits: true for an executor, false for a program. */
  private @Nullable Boolean daemon;

  NodeExecutorBuilder() {}

  @Override
  NodeExecutorBuilder self() {
    return this;
  }

  /** The name of the loop's thread; {@code node} by default. */
  public NodeExecutorBuilder name(String name) {
    this.name = name;
    return this;
  }

  /**
   * The threads of the worker pool, for {@link NodeExecutor#spawnBlocking}; by default what the
   * environment variable {@code UV_THREADPOOL_SIZE} says, else 4.
   */
  public NodeExecutorBuilder poolThreads(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("poolThreads must be from 1 to 1024, not " + threads);
    }
    this.poolThreads = threads;
    return this;
  }

  /**
   * Whether the JVM may exit while the loop is alive. By default it may not while a program runs,
   * which ends by itself, and may while an executor does, which is there for others. {@code
   * System.exit} ends either.
   */
  public NodeExecutorBuilder daemon(boolean daemon) {
    this.daemon = daemon;
    return this;
  }

  /**
   * How long one callback, or one poll of a task, may keep the loop before that is reported; 100 ms
   * by default. The report is made while the loop stands still: a warning in the log with the task,
   * the await at which it was resumed, the call that blocks the loop or the line at which it
   * computes, what to write instead, and the stack. Once for each place; those that follow are
   * counted, and their number is said once a minute. See {@link NodeExecutor#slowPolls}.
   *
   * <p>The main script is not reported: nothing waits for the loop before that has run. It is by
   * the time of the system. It costs callbacks nothing: a daemon thread looks at the loop, ten
   * times in that time while it is active, and rests while it is not.
   *
   * @param threshold what is shorter than some 5 ms is not found; zero for no reports, and without
   *     that thread. More than 146 years counts as that
   * @throws IllegalArgumentException if it is negative
   */
  public NodeExecutorBuilder slowPollThreshold(Duration threshold) {
    this.slowPollThreshold = WorkStealingExecutorBuilder.checkThreshold(threshold);
    return this;
  }

  /** Another clock than {@code System.nanoTime}, for tests, with a driver that goes by it too. */
  NodeExecutorBuilder nanoClock(LongSupplier clock) {
    this.nanoClock = clock;
    return this;
  }

  private LoopConfig config(boolean program) {
    return new LoopConfig(
        name,
        daemon != null ? daemon : !program,
        provider(),
        poolThreads,
        nanoClock,
        new SlowPolls(name, slowPollThreshold, true));
  }

  /**
   * Starts an executor that lives until it is closed.
   *
   * @throws IllegalStateException if the driver could not be opened
   */
  public NodeExecutor build() {
    return started(null);
  }

  /**
   * Runs a program: the main script on a loop of its own, and the loop until nothing referenced is
   * left. Tasks that wait for something which cannot come do not keep it alive; they fail.
   *
   * @param main on the loop's thread; what it throws is an uncaught exception
   * @return the exit code: 0, or 1 after an uncaught exception
   * @throws IllegalStateException on an executor's own thread, because it blocks; or if the driver
   *     could not be opened
   * @throws InterruptedException if the calling thread is interrupted; the loop is closed then
   */
  public int run(Runnable main) throws InterruptedException {
    if (Carrier.current() != null) {
      throw new IllegalStateException(
          "run blocks until the program has ended, and this is the executor thread "
              + Thread.currentThread().getName()
              + ". Call it from main, or start a Worker.");
    }
    NodeExecutor node = start(main);
    try {
      return node.awaitExit();
    } catch (InterruptedException e) {
      node.shutdownNow();
      throw e;
    }
  }

  /**
   * As {@link #run}, without waiting for the end: the calling thread, {@code main} for example, may
   * end first. The exit code of the JVM is its own affair; {@link NodeExecutor#onExit} hands over
   * the program's.
   *
   * @throws IllegalStateException if the driver could not be opened
   */
  public NodeExecutor start(Runnable main) {
    return started(main);
  }

  private NodeExecutor started(@Nullable Runnable main) {
    return NodeExecutor.started(config(main != null), main);
  }
}
