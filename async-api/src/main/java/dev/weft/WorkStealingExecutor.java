package dev.weft;

import dev.weft.frame.Frame;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.scheduler.Engine;
import dev.weft.scheduler.Scheduler;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.task.OwnedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
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
 * <pre>{@code
 * try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(4).build()) {
 *   Task<Integer> low = executor.spawn(() -> countPrimes(0, 1_000_000));
 *   Task<Integer> high = executor.spawn(() -> countPrimes(1_000_000, 2_000_000));
 *   System.out.println(executor.blockOn(() -> done(await(low) + await(high))));
 * }
 * }</pre>
 */
public class WorkStealingExecutor extends DelayingExecutorService {
  private static final Logger log = LoggerFactory.getLogger(WorkStealingExecutor.class);

  private final Scheduler scheduler;

  /** In the deterministic mode. */
  private final @Nullable SplittableRandom random;

  private final @Nullable JmxPublication jmx;

  WorkStealingExecutor(WorkStealingExecutorBuilder builder) {
    super(log, builder.closeDrain, builder.closeBound);
    scheduler = new Scheduler(this, builder.config());
    Long seed = scheduler.config().seed();
    random = seed == null ? null : new SplittableRandom(seed).split();
    jmx = builder.jmx ? new JmxPublication(builder.name, this::metrics) : null;
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
  public static WorkStealingExecutorBuilder builder() {
    return new WorkStealingExecutorBuilder();
  }

  // ---- async tasks

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    OwnedTask<T> task = OwnedTask.of(this, body.getClass(), body);
    return scheduler.start(task) ? task : scheduler.refused();
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    OwnedTask<T> task = OwnedTask.of(this, name, body.getClass(), body);
    return scheduler.start(task) ? task : scheduler.refused();
  }

  @Override
  public long nanoTime() {
    return scheduler.config().clock().nanoTime();
  }

  /** {@inheritDoc} In the deterministic mode another sequence than that of the polls. */
  @Override
  public long nextRandom() {
    SplittableRandom seeded = random;
    if (seeded == null) {
      return super.nextRandom();
    }
    synchronized (seeded) { // asked from any thread, if mostly from the one worker
      return seeded.nextLong();
    }
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
  public @Nullable ClassLoader contextClassLoader() {
    return scheduler.contextClassLoader();
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
            : OwnedTask.of(this, command.getClass(), new Command(command));
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
    return OwnedTask.of(this, origin, body);
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
   * The last 32 polls that have kept a worker for longer than {@link
   * WorkStealingExecutorBuilder#slowPollThreshold}, the newest last; one that goes on is among
   * them. From any thread. {@link ExecutorMetrics#slowPolls} is how many there were.
   */
  public List<SlowPoll> slowPolls() {
    return scheduler.config().slowPolls().recent();
  }

  /**
   * The order in which a {@linkplain WorkStealingExecutorBuilder#deterministic deterministic}
   * executor has polled its tasks so far: an entry per poll, with what was drawn, of how many, and
   * whose code it is.
   *
   * @return empty for other executors
   */
  public List<String> trace() {
    return scheduler.trace();
  }

  // ---- I/O

  /**
   * The executor's I/O loops for code that is written for the I/O framework: with the drivers of
   * {@code dev.weft.net}, Netty's {@code IoEventLoopGroup}, to be given to any Netty bootstrap. Its
   * channels are served by the workers, between tasks.
   *
   * <pre>{@code
   * ServerBootstrap server =
   *     new ServerBootstrap()
   *         .group(executor.eventLoopGroup())
   *         .channelFactory(Transport.of(executor)::newServerSocket)
   *         .childHandler(pipeline);
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
   * WorkStealingExecutorBuilder#closeDrain} says, by default not at all; cancels them as {@link
   * #shutdownNow} does; and waits for {@link WorkStealingExecutorBuilder#closeBound}, by default 5
   * seconds, until their bodies have ended and the threads with them. Logs what did not end by
   * then, with the line where it stands, and halts it: its awaits throw {@link HaltedError}, and at
   * most a second is spent on its {@code finally} blocks. If the calling thread is interrupted it
   * waits no longer.
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
    JmxPublication published = executor.jmx;
    QuitOption.heed();
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
}
