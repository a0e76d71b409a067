package dev.weft;

import dev.weft.frame.Frame;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.metrics.JmxMetrics;
import dev.weft.scheduler.Clock;
import dev.weft.scheduler.Driver;
import dev.weft.scheduler.Engine;
import dev.weft.scheduler.Hooks;
import dev.weft.scheduler.Nanos;
import dev.weft.scheduler.OwnedTask;
import dev.weft.scheduler.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link AsyncExecutor} in the manner of Tokio's multi-thread runtime: a few workers, each with
 * a queue of its own, who steal from each other when they run dry; one of them waits for I/O.
 *
 * <p>Tasks share the workers, so a task must not block one: what blocks belongs to {@link
 * #spawnBlocking}, and what computes for long should {@link Async#yieldNow} now and then.
 *
 * <p>All threads are daemons: a program that has nothing else to do waits in {@link #blockOn} or
 * {@link #awaitTermination}. How it works inside is told in {@code dev.weft.scheduler}.
 *
 * <p>Longer than others because its builder documents each of its options.
 */
public class WorkStealingExecutor extends DelayingExecutorService {
  private static final Logger log = LoggerFactory.getLogger(WorkStealingExecutor.class);

  private final Scheduler scheduler;
  private final @Nullable JmxMetrics jmx;

  WorkStealingExecutor(Builder builder) {
    super(log, builder.closeDrain, builder.closeBound);
    scheduler = new Scheduler(this, builder.config());
    jmx = builder.jmx ? JmxMetrics.register(builder.name, this::metrics) : null;
    if (jmx != null) {
      scheduler.onTerminated(jmx::close);
    }
  }

  /**
   * The executor of everybody who has none: that which {@link #setShared} was given, or else one
   * with a worker per processor, which is made when it is first asked for and refuses to be closed
   * other than by {@link #shutdownShared}. Its threads keep nothing of who asked: no context class
   * loader, no access control context, no inheritable thread-local.
   */
  public static WorkStealingExecutor shared() {
    return SharedExecutor.get();
  }

  /**
   * Has {@link #shared} return an executor of one's own, with the name, the number of workers, the
   * hooks that an application server wants, say. At the start of the program, before anything uses
   * the shared one. Who sets it may close it, after which what needs a shared executor is rejected
   * until {@link #shutdownShared} is called.
   *
   * @param executor accepts work
   * @throws IllegalArgumentException if it does not
   * @throws IllegalStateException if there is a shared executor already, with the place that has
   *     used or set it first
   */
  public static void setShared(WorkStealingExecutor executor) {
    SharedExecutor.set(executor);
  }

  /**
   * Ends the shared executor, if there is one, as {@link #close(Duration, Duration)} ends others;
   * for the end of an application whose JVM goes on, as that of one among several in a server. All
   * of its threads end, so that nothing here keeps the application's classes.
   *
   * <p>While this call lasts the shared executor rejects work. Who asks for one after that is given
   * a new one (as with Reactor's {@code Schedulers}), or that which {@link #setShared} is given
   * until then: so end first what might ask.
   *
   * @param drain for how long tasks may end by themselves; zero or less for not at all
   * @param bound for how long to wait after they were cancelled; zero or less for not at all. What
   *     has not ended by then is given up
   * @return what did not end; it is logged as well. An empty one if there was no shared executor
   * @throws IllegalStateException on one of its own threads, which would wait for itself
   */
  public static CloseReport shutdownShared(Duration drain, Duration bound) {
    return SharedExecutor.end(drain, bound);
  }

  /** An executor of one's own, to be configured. */
  public static Builder builder() {
    return new Builder();
  }

  // ---- async tasks

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    OwnedTask<T> task = OwnedTask.of(scheduler, body.getClass(), body);
    return scheduler.start(task) ? task : scheduler.refused();
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    OwnedTask<T> task = OwnedTask.of(scheduler, name, body.getClass(), body);
    return scheduler.start(task) ? task : scheduler.refused();
  }

  @Override
  public long nanoTime() {
    return scheduler.config().clock().nanoTime();
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    return scheduler.spawnBlocking(call);
  }

  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    return scheduler.sleep(duration);
  }

  @Override
  public void schedule(Frame<?> frame) {
    scheduler.schedule(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    scheduler.scheduleYielded(frame);
  }

  // ---- ordinary tasks

  /**
   * Runs a command on a worker. What it throws goes to the worker thread's uncaught exception
   * handler; if there is none, to {@code System.err}, one a second of each class, by way of {@link
   * dev.weft.log.LogQueue#shared}.
   *
   * @throws RejectedExecutionException if this executor no longer accepts work
   */
  @Override
  public void execute(Runnable command) {
    OwnedTask<?> task =
        command instanceof OwnedTask<?> made && made.isUnstarted()
            ? made
            : OwnedTask.of(scheduler, command.getClass(), new Command(command));
    if (!scheduler.start(task)) {
      throw scheduler.rejection();
    }
  }

  /** To be told from other bodies by {@link #shutdownNow}. */
  private record Command(Runnable run) implements Callable<CompletionStage<@Nullable Void>> {
    @Override
    public CompletionStage<@Nullable Void> call() {
      try {
        run.run();
      } catch (Throwable error) {
        UncaughtErrors.report(error);
      }
      return Async.done();
    }
  }

  @Override
  <T extends @Nullable Object> RunnableFuture<T> unstarted(
      Class<?> origin, Callable<? extends CompletionStage<T>> body) {
    return OwnedTask.of(scheduler, origin, body);
  }

  @Override
  Engine engine() {
    return scheduler;
  }

  @Override
  String whyRefused() {
    return scheduler.refusal();
  }

  // ---- what it has done

  /** What this executor has counted so far, also after its end. From any thread; costs some us. */
  public ExecutorMetrics metrics() {
    return scheduler.metrics();
  }

  /**
   * The order in which a {@linkplain Builder#deterministic deterministic} executor has polled its
   * tasks so far: an entry per poll, with what was drawn, of how many, and whose code it is.
   *
   * @return empty for other executors
   */
  public List<String> trace() {
    return scheduler.trace();
  }

  // ---- I/O

  /** What waits for I/O; null if this executor has no driver. If it has several, the first. */
  public @Nullable Driver driver() {
    return scheduler.driver();
  }

  /**
   * The executor's I/O loops for code that is written for the I/O framework: with the drivers of
   * {@code dev.weft.net}, Netty's {@code IoEventLoopGroup}, to be given to any Netty bootstrap. Its
   * channels are served by the workers, between tasks.
   *
   * <pre>{@code
   * new ServerBootstrap()
   *     .group(executor.eventLoopGroup())
   *     .channelFactory(Transport.of(executor)::newServerSocket)
   *     .childHandler(...)
   * }</pre>
   *
   * Handlers of one channel run one at a time and in order, each on whichever worker polls; so keep
   * nothing per loop in a {@code ThreadLocal}. A handler that computes for long holds up the other
   * channels of its loop: spawn a task for that. A task may call a channel as any thread may; if it
   * waits for one of its futures with {@code sync()} or {@code await()}, that throws Netty's {@code
   * BlockingOperationException}.
   *
   * <p>The group ends with this executor. Its {@code shutdownGracefully} does nothing and returns a
   * failed future.
   *
   * @param <G> {@code IoEventLoopGroup} or a supertype. Free, because this class must not know
   *     Netty, which may be missing
   * @throws IllegalStateException if this executor has no driver
   * @throws UnsupportedOperationException if its driver has no event loop group
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <G extends ScheduledExecutorService> G eventLoopGroup() {
    Driver driver = scheduler.driver();
    if (driver == null) {
      throw new IllegalStateException(this + " has no event loops: it was built without a driver");
    }
    return (G) driver.eventLoopGroup();
  }

  // ---- the end

  /**
   * Accepts no more tasks from outside; those that were started go on to their end, and may start
   * further ones, make blocking calls, sleep and use sockets. Then the workers end, timers that are
   * still running are cancelled, and sockets closed.
   */
  @Override
  public void shutdown() {
    scheduler.shutdown();
  }

  /**
   * As {@link #shutdown}, and cancels every task, and every call of an async method that nobody
   * awaits, as {@link Task#cancel} says. Interrupts blocking calls, not workers. What they do to
   * clean up is not cancelled, also not by a second call of this. A task that one of them starts
   * before it has heard of its own cancellation is cancelled as well.
   *
   * @return what was given to {@link #execute} and has not run. All other tasks are futures, and
   *     each says itself that it was cancelled
   */
  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> never = new ArrayList<>();
    scheduler.shutdownNow(
        body -> {
          if (body instanceof Command command) {
            never.add(command.run());
          }
        });
    return never;
  }

  /**
   * Ends this executor: accepts no more work; lets tasks end by themselves for as long as {@link
   * Builder#closeDrain} says, by default not at all; cancels them as {@link #shutdownNow} does; and
   * waits for {@link Builder#closeBound}, by default 5 seconds, until their bodies have ended and
   * the threads with them. Logs what did not end by then, with the line where it stands, and halts
   * it: its awaits throw {@link HaltedError}, and at most a second is spent on its {@code finally}
   * blocks. If the calling thread is interrupted it waits no longer.
   *
   * @throws IllegalStateException on one of this executor's own threads, which would wait for
   *     itself
   */
  @Override
  public void close() {
    super.close();
  }

  @Override
  void onClosed() {
    if (jmx != null) {
      jmx.close();
    }
  }

  static WorkStealingExecutor started(WorkStealingExecutor executor) {
    JmxMetrics published = executor.jmx;
    try {
      executor.scheduler.start();
    } catch (Throwable error) {
      if (published != null) {
        published.close();
      }
      throw error;
    }
    return executor;
  }

  /** Configures an executor. Not for use by more than one thread. */
  public static final class Builder extends DriverOption<Builder> {
    private String name = "weft";
    private int workers = Runtime.getRuntime().availableProcessors();
    private int maxBlockingThreads = 512;
    private Duration blockingKeepAlive = Duration.ofSeconds(10);
    private int localQueueCapacity = Scheduler.Config.LOCAL_QUEUE_CAPACITY;
    private int ioLoops;
    private boolean takeover = !"false".equals(System.getProperty("dev.weft.takeover"));

    private boolean virtualBlockingThreads;
    private Duration closeDrain = Duration.ZERO;

    /** Guessed: most service managers kill after ten seconds. */
    private Duration closeBound = Duration.ofSeconds(5);

    private Clock clock = Clock.SYSTEM;
    private @Nullable Runnable threadStart;
    private @Nullable Runnable threadStop;
    private @Nullable Runnable park;
    private @Nullable Runnable unpark;
    private @Nullable Consumer<? super Task<?>> taskSpawn;
    private @Nullable Consumer<? super Task<?>> taskEnd;
    private @Nullable BiConsumer<? super String, ? super Throwable> unheardFailure;
    private boolean pollTimeHistogram;
    private boolean scheduleLatencyHistogram;
    private boolean jmx;
    private @Nullable Long seed;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Whether to count how long polls take, for {@link ExecutorMetrics#pollTimes}. Off by default:
     * it costs two looks at the clock per poll, some 50 ns.
     */
    public Builder pollTimeHistogram(boolean on) {
      this.pollTimeHistogram = on;
      return this;
    }

    /**
     * Whether to count how long tasks that can go on wait for a worker, for {@link
     * ExecutorMetrics#scheduleLatencies}. By samples; off by default.
     */
    public Builder scheduleLatencyHistogram(boolean on) {
      this.scheduleLatencyHistogram = on;
      return this;
    }

    /**
     * Whether to publish the metrics in JMX, as {@code dev.weft:type=Executor,name=NAME}, until the
     * executor is closed. Off by default.
     */
    public Builder jmx(boolean on) {
      this.jmx = on;
      return this;
    }

    /**
     * For tests: one worker without sockets, which draws the task to be polled next by lot out of
     * all that are ready. One seed gives one order, so a test that fails by the order of its tasks
     * fails again with the same seed; many seeds find orders that no run on a quiet machine shows.
     *
     * <p>Start everything from one task, by {@link WorkStealingExecutor#blockOn}: what comes from
     * other threads comes when it comes. Blocking calls run on the worker, one of the tasks drawn.
     * Time is a {@link VirtualClock}'s; for one of your own, call {@link #clock} after this.
     *
     * @param seed any number; {@link WorkStealingExecutor#trace} tells the order that it has led to
     */
    public Builder deterministic(long seed) {
      this.seed = seed;
      return workers(1).noDriver().clock(new VirtualClock());
    }

    /** The number of workers; by default that of the processors. */
    public Builder workers(int workers) {
      if (workers < 1 || workers > 1024) {
        throw new IllegalArgumentException("workers must be from 1 to 1024, not " + workers);
      }
      this.workers = workers;
      return this;
    }

    /** What the names of the threads begin with; {@code weft} by default. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * How many I/O loops to have, at most one per worker. By default it begins with one, and a
     * further one is opened when one stays busy: as long as it does not, one loop and workers that
     * steal from each other give more throughput and better latencies than a loop per worker.
     */
    public Builder ioLoops(int loops) {
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
    public Builder takeover(boolean on) {
      this.takeover = on;
      return this;
    }

    /** How many threads {@link #spawnBlocking} may use; 512 by default, as in Tokio. */
    public Builder maxBlockingThreads(int threads) {
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
    public Builder blockingKeepAlive(Duration keepAlive) {
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
    public Builder virtualBlockingThreads() {
      this.virtualBlockingThreads = true;
      return this;
    }

    /**
     * For how long {@link #close()} lets tasks end by themselves before it cancels them; not at all
     * by default, since a server's tasks seldom end by themselves.
     */
    public Builder closeDrain(Duration drain) {
      if (drain.isNegative()) {
        throw new IllegalArgumentException("closeDrain must not be negative: " + drain);
      }
      this.closeDrain = drain;
      return this;
    }

    /** How long {@link #close()} waits after it has cancelled them; 5 seconds by default. */
    public Builder closeBound(Duration bound) {
      if (bound.isNegative()) {
        throw new IllegalArgumentException("closeBound must not be negative: " + bound);
      }
      this.closeBound = bound;
      return this;
    }

    /** The time by which timers run; for tests a {@link VirtualClock}. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** Called first on each thread of the executor, workers and blocking ones. */
    public Builder onThreadStart(Runnable hook) {
      this.threadStart = hook;
      return this;
    }

    /** Called last on each thread of the executor. */
    public Builder onThreadStop(Runnable hook) {
      this.threadStop = hook;
      return this;
    }

    /** Called on a worker before it goes to sleep. */
    public Builder onThreadPark(Runnable hook) {
      this.park = hook;
      return this;
    }

    /** Called on a worker after it has slept. */
    public Builder onThreadUnpark(Runnable hook) {
      this.unpark = hook;
      return this;
    }

    /** Called with each task that is spawned, on the spawning thread, before the task runs. */
    public Builder onTaskSpawn(Consumer<? super Task<?>> hook) {
      this.taskSpawn = hook;
      return this;
    }

    /** Called with each such task when it has ended, on the thread that ran it last. */
    public Builder onTaskEnd(Consumer<? super Task<?>> hook) {
      this.taskEnd = hook;
      return this;
    }

    /**
     * Called with the name and the exception of a spawned task that has failed and whose outcome
     * nobody has looked at by the time when the task is garbage, or else when this executor has
     * ended; on any thread. By default such failures are logged: of tasks that have the same name,
     * but for digits, and the same class of exception one a second, with the number of the others.
     *
     * <p>To look at it is to await the task, to {@code get} or {@code join} it, to ask for its
     * {@code resultNow}, {@code exceptionNow} or {@code state}, to derive a stage from it or to
     * combine it with one ({@code thenCompose}, {@code thenCombine} and their kind; for those, so
     * is {@code toCompletableFuture}). {@code isCompletedExceptionally} is none. Nor is {@code
     * CompletableFuture.allOf} or {@code anyOf} if the task has failed before; a look into the
     * exception with which what they return fails is one.
     */
    public Builder onUnheardFailure(BiConsumer<? super String, ? super Throwable> handler) {
      this.unheardFailure = handler;
      return this;
    }

    /**
     * The slots of each worker's local queue; 256 by default, as in Tokio. Few of them make the
     * queue overflow, which tests want.
     */
    Builder localQueueCapacity(int slots) {
      this.localQueueCapacity = slots;
      return this;
    }

    private Scheduler.Config config() {
      if (seed != null && workers != 1) {
        throw new IllegalStateException(
            "A deterministic executor has one worker, not "
                + workers
                + ": leave out workers(..), or deterministic(..)");
      }
      return new Scheduler.Config(
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
          new Scheduler.Measuring(pollTimeHistogram, scheduleLatencyHistogram),
          seed);
    }

    /**
     * Starts the executor.
     *
     * @throws IllegalStateException if the driver could not be opened
     * @throws UnsupportedOperationException for {@link #virtualBlockingThreads} on an older JVM
     */
    public WorkStealingExecutor build() {
      return started(new WorkStealingExecutor(this));
    }
  }
}
