package dev.weft;

import dev.weft.metrics.ExecutorMetrics;
import dev.weft.scheduler.SchedulerConfig;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.watch.SlowPolls;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link WorkStealingExecutor}. Made by {@link WorkStealingExecutor#builder}; not for
 * use by more than one thread.
 *
 * <pre>{@code
 * WorkStealingExecutor executor =
 *     WorkStealingExecutor.builder()
 *         .name("shop")
 *         .workers(4)
 *         .maxBlockingThreads(32) // as many as the database has connections
 *         .closeDrain(Duration.ofSeconds(3))
 *         .jmx(true)
 *         .build();
 * }</pre>
 */
public final class WorkStealingExecutorBuilder extends DriverOption<WorkStealingExecutorBuilder> {
  String name = "weft";
  private int workers = Runtime.getRuntime().availableProcessors();
  private int maxBlockingThreads = 512;
  private Duration blockingKeepAlive = Duration.ofSeconds(10);
  private int localQueueCapacity = SchedulerConfig.LOCAL_QUEUE_CAPACITY;
  private int ioLoops;
  private boolean takeover = !"false".equals(System.getProperty("dev.weft.takeover"));

  private boolean virtualBlockingThreads;
  Duration closeDrain = Duration.ZERO;

  /** Guessed: most service managers kill after ten seconds. */
  Duration closeBound = Duration.ofSeconds(5);

  private Clock clock = Clock.SYSTEM;
  private @Nullable Runnable threadStart;
  private @Nullable Runnable threadStop;
  private @Nullable Runnable park;
  private @Nullable Runnable unpark;
  private @Nullable Consumer<? super Task<?>> taskSpawn;
  private @Nullable Consumer<? super Task<?>> taskEnd;
  private @Nullable BiConsumer<? super String, ? super Throwable> unheardFailure;
  private Duration slowPollThreshold = SLOW_POLL_THRESHOLD;
  private boolean pollTimeHistogram;
  private boolean scheduleLatencyHistogram;
  boolean jmx;
  private @Nullable Long seed;

  /** asyncio's figure for its slow callbacks ({@code slow_callback_duration}). */
  static final Duration SLOW_POLL_THRESHOLD = Duration.ofMillis(100);

  WorkStealingExecutorBuilder() {}

  @Override
  WorkStealingExecutorBuilder self() {
    return this;
  }

  /**
   * Whether to count how long polls take, for {@link ExecutorMetrics#pollTimes}. Off by default: it
   * costs two looks at the clock per poll, some 50 ns.
   */
  public WorkStealingExecutorBuilder pollTimeHistogram(boolean on) {
    this.pollTimeHistogram = on;
    return this;
  }

  /**
   * Whether to count how long tasks that can go on wait for a worker, for {@link
   * ExecutorMetrics#scheduleLatencies}. By samples; off by default.
   */
  public WorkStealingExecutorBuilder scheduleLatencyHistogram(boolean on) {
    this.scheduleLatencyHistogram = on;
    return this;
  }

  /**
   * How long one poll of a task, or one handler of a socket, may keep a worker before that is
   * reported; 100 ms by default, as in Python's asyncio. The report is made while it lasts: a
   * warning in the log with the task, the await at which it was resumed, the call that blocks the
   * thread or the line at which it computes, what to write instead, and the thread's stack. Once
   * for each place; those that follow are counted, and their number is said once a minute. See
   * {@link WorkStealingExecutor#slowPolls}.
   *
   * <p>A thread that the machine gave no processor is not reported, nor is {@link
   * Async#blockInPlace}. It is by the time of the system, whatever {@link #clock} says. A {@link
   * #deterministic} executor makes its blocking calls on its worker, and reports nothing. It costs
   * the workers nothing: a thread looks at them, ten times in that time and a hundred times a
   * second at most while they work.
   *
   * @param threshold polls of less than some 5 ms are not found; zero for no reports. More than 146
   *     years counts as that
   * @throws IllegalArgumentException if it is negative
   */
  public WorkStealingExecutorBuilder slowPollThreshold(Duration threshold) {
    this.slowPollThreshold = checkThreshold(threshold);
    return this;
  }

  static Duration checkThreshold(Duration threshold) {
    if (threshold.isNegative()) {
      throw new IllegalArgumentException(
          "slowPollThreshold must not be negative: " + threshold + ". Zero is for no reports");
    }
    return Nanos.atLeastZero(threshold);
  }

  /**
   * Whether to publish the metrics in JMX, as {@code dev.weft:type=Executor,name=NAME}, and dumps
   * of all tasks of the JVM, as {@code dev.weft:type=Tasks}, until the executor is closed. Off by
   * default.
   */
  public WorkStealingExecutorBuilder jmx(boolean on) {
    this.jmx = on;
    return this;
  }

  /**
   * For tests: one worker without sockets, which draws the task to be polled next by lot out of all
   * that are ready. One seed gives one order, so a test that fails by the order of its tasks fails
   * again with the same seed; many seeds find orders that no run on a quiet machine shows.
   *
   * <p>Start everything from one task, by {@link WorkStealingExecutor#blockOn}: what comes from
   * other threads comes when it comes. Blocking calls run on the worker, one of the tasks drawn.
   * Time is a {@link VirtualClock}'s; for one of your own, call {@link #clock} after this.
   *
   * @param seed any number; {@link WorkStealingExecutor#trace} tells the order that it has led to
   */
  public WorkStealingExecutorBuilder deterministic(long seed) {
    this.seed = seed;
    return workers(1).noDriver().clock(new VirtualClock());
  }

  /** The number of workers; by default that of the processors. */
  public WorkStealingExecutorBuilder workers(int workers) {
    if (workers < 1 || workers > 1024) {
      throw new IllegalArgumentException("workers must be from 1 to 1024, not " + workers);
    }
    this.workers = workers;
    return this;
  }

  /** What the names of the threads begin with; {@code weft} by default. */
  public WorkStealingExecutorBuilder name(String name) {
    this.name = name;
    return this;
  }

  /**
   * How many I/O loops to have, at most one per worker. By default it begins with one, and a
   * further one is opened when one stays busy, or when all stand still in handlers: as long as they
   * do not, one loop and workers that steal from each other give more throughput and better
   * latencies than a loop per worker. Netty handlers that block until another channel is served
   * want several, of which channels take turns.
   */
  public WorkStealingExecutorBuilder ioLoops(int loops) {
    if (loops < 1) {
      throw new IllegalArgumentException("ioLoops must be 1 or more, not " + loops);
    }
    this.ioLoops = loops;
    return this;
  }

  /**
   * Whether a worker takes the I/O over from one that is busy with a long task; true by default.
   * The system property {@code dev.weft.takeover=false} changes the default. Without it every
   * connection waits for the end of that task, as it does with io_uring in any case.
   */
  public WorkStealingExecutorBuilder takeover(boolean on) {
    this.takeover = on;
    return this;
  }

  /**
   * How many threads {@link WorkStealingExecutor#spawnBlocking} may use; 512 by default, as in
   * Tokio.
   */
  public WorkStealingExecutorBuilder maxBlockingThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("maxBlockingThreads must be 1 or more, not " + threads);
    }
    this.maxBlockingThreads = threads;
    return this;
  }

  /**
   * How long such a thread stays when there is nothing to do; 10 s by default, as in Tokio.
   *
   * @param keepAlive positive; more than 146 years counts as that
   */
  public WorkStealingExecutorBuilder blockingKeepAlive(Duration keepAlive) {
    if (keepAlive.isNegative() || keepAlive.isZero()) {
      throw new IllegalArgumentException("blockingKeepAlive must be positive, not " + keepAlive);
    }
    this.blockingKeepAlive = Nanos.atLeastZero(keepAlive);
    return this;
  }

  /**
   * Makes blocking calls on virtual threads, one per call, instead of on a pool of platform
   * threads; there is no limit to their number then. A call that holds a monitor while it blocks
   * pins its carrier before Java 24. {@link #build} fails where there are no virtual threads,
   * before Java 21.
   */
  public WorkStealingExecutorBuilder virtualBlockingThreads() {
    this.virtualBlockingThreads = true;
    return this;
  }

  /**
   * For how long {@link WorkStealingExecutor#close()} lets tasks end by themselves before it
   * cancels them; not at all by default, since a server's tasks seldom end by themselves.
   */
  public WorkStealingExecutorBuilder closeDrain(Duration drain) {
    if (drain.isNegative()) {
      throw new IllegalArgumentException("closeDrain must not be negative: " + drain);
    }
    this.closeDrain = drain;
    return this;
  }

  /**
   * How long {@link WorkStealingExecutor#close()} waits after it has cancelled them; 5 seconds by
   * default.
   */
  public WorkStealingExecutorBuilder closeBound(Duration bound) {
    if (bound.isNegative()) {
      throw new IllegalArgumentException("closeBound must not be negative: " + bound);
    }
    this.closeBound = bound;
    return this;
  }

  /** The time by which timers run; for tests a {@link VirtualClock}. */
  public WorkStealingExecutorBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /** Called first on each thread of the executor, workers and blocking ones. */
  public WorkStealingExecutorBuilder onThreadStart(Runnable hook) {
    this.threadStart = hook;
    return this;
  }

  /** Called last on each thread of the executor. */
  public WorkStealingExecutorBuilder onThreadStop(Runnable hook) {
    this.threadStop = hook;
    return this;
  }

  /** Called on a worker before it goes to sleep. */
  public WorkStealingExecutorBuilder onThreadPark(Runnable hook) {
    this.park = hook;
    return this;
  }

  /** Called on a worker after it has slept. */
  public WorkStealingExecutorBuilder onThreadUnpark(Runnable hook) {
    this.unpark = hook;
    return this;
  }

  /** Called with each task that is spawned, on the spawning thread, before the task runs. */
  public WorkStealingExecutorBuilder onTaskSpawn(Consumer<? super Task<?>> hook) {
    this.taskSpawn = hook;
    return this;
  }

  /** Called with each such task when it has ended, on the thread that ran it last. */
  public WorkStealingExecutorBuilder onTaskEnd(Consumer<? super Task<?>> hook) {
    this.taskEnd = hook;
    return this;
  }

  /**
   * Called with the name and the exception of a spawned task that has failed and whose outcome
   * nobody has looked at by the time when the task is garbage, or else when this executor has
   * ended; on any thread. By default such failures are logged: of tasks that have the same name,
   * but for digits, and the same class of exception one a second, with the number of the others.
   *
   * <p>To look at it is to await the task, to {@code get} or {@code join} it, to ask for its {@code
   * resultNow}, {@code exceptionNow} or {@code state}, to derive a stage from it or to combine it
   * with one ({@code thenCompose}, {@code thenCombine} and their kind; for those, so is {@code
   * toCompletableFuture}). {@code isCompletedExceptionally} is none. Nor is {@code
   * CompletableFuture.allOf} or {@code anyOf} if the task has failed before; a look into the
   * exception with which what they return fails is one.
   */
  public WorkStealingExecutorBuilder onUnheardFailure(
      BiConsumer<? super String, ? super Throwable> handler) {
    this.unheardFailure = handler;
    return this;
  }

  /**
   * The slots of each worker's local queue; 256 by default, as in Tokio. Few of them make the queue
   * overflow, which tests want.
   */
  WorkStealingExecutorBuilder localQueueCapacity(int slots) {
    this.localQueueCapacity = slots;
    return this;
  }

  SchedulerConfig config() {
    if (seed != null && workers != 1) {
      throw new IllegalStateException(
          "A deterministic executor has one worker, not "
              + workers
              + ": leave out workers(..), or deterministic(..)");
    }
    return new SchedulerConfig(
        name,
        workers,
        provider(),
        maxBlockingThreads,
        blockingKeepAlive,
        virtualBlockingThreads,
        localQueueCapacity,
        ioLoops,
        takeover,
        clock,
        new Hooks(threadStart, threadStop, park, unpark, taskSpawn, taskEnd, unheardFailure),
        new SchedulerConfig.Measuring(pollTimeHistogram, scheduleLatencyHistogram),
        seed == null ? new SlowPolls(name, slowPollThreshold, false) : SlowPolls.none(name),
        seed);
  }

  /**
   * Starts the executor.
   *
   * @throws IllegalStateException if the driver could not be opened
   * @throws UnsupportedOperationException for {@link #virtualBlockingThreads} on an older JVM
   */
  public WorkStealingExecutor build() {
    return WorkStealingExecutor.started(new WorkStealingExecutor(this));
  }
}
