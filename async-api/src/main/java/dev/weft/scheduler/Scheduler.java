package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.task.OwnedTask;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.thread.Reaper;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An executor's life from start to end: its phases are one protocol, in which everything that
 * starts or ends work takes part. What there is to end is {@link WorkUnderWay}'s business, who
 * works is the {@link Crew}'s.
 *
 * <h2>Phases</h2>
 *
 * <pre>
 *   RUNNING --shutdown--&gt; SHUTDOWN --quiet--&gt; STOPPING --last worker--&gt; HALTED
 *                            \------------------\--bound is over------&gt; HALTED
 * </pre>
 *
 * <ol>
 *   <li>{@code shutdown} closes the list of owned tasks to threads outside and enters SHUTDOWN.
 *       Work that is under way may still start tasks and blocking calls: it is alive itself, so
 *       nobody mistakes the executor for quiet meanwhile. {@code shutdownNow} cancels what there
 *       is, once; clean-up that follows is work under way.
 *   <li>Whoever ends the last owned task, blocking call or {@linkplain DetachedCalls detached
 *       call}, or shuts down when there is none, enters STOPPING. Timers are cancelled; the workers
 *       poll what is still queued and leave when they find nothing.
 *   <li>The last worker to leave enters HALTED, or who has waited long enough does. Whatever has
 *       not ended is taken out of what it waits for, and every frame that is queued now or later is
 *       rejected, by the {@link Reaper}; what a worker that does not end keeps to itself (its
 *       overflow and yielded frames), when it ends.
 * </ol>
 *
 * <h2>No frame is left behind</h2>
 *
 * A thread that schedules a frame pushes it and then reads the phase; who enters HALTED writes the
 * phase and then summons the reaper. Both volatile: one of the two has the frame rejected.
 * Rejecting one may wake the next one up the chain. That is pushed to the queue which is being
 * drained, so a long chain is rejected in a loop and not in a recursion.
 */
public final class Scheduler implements Engine {
  private enum Phase {
    RUNNING,
    SHUTDOWN,
    STOPPING,
    HALTED
  }

  private static final VarHandle PHASE;

  static {
    try {
      PHASE = MethodHandles.lookup().findVarHandle(Scheduler.class, "phase", Phase.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final WorkerThreads threads;
  final WorkUnderWay work;
  final Crew crew;
  private final AsyncExecutor executor;
  private final SchedulerConfig config;
  private final Hooks hooks;
  private final AtomicInteger present;
  private final CountDownLatch terminated = new CountDownLatch(1);

  /** Who wants to know of the end. Set before the start. */
  private Runnable onTerminated = () -> {};

  /** Only moves forward. */
  private volatile Phase phase = Phase.RUNNING;

  /** True once what was under way has been cancelled, or is about to be. */
  private final AtomicBoolean cancelling = new AtomicBoolean();

  /**
   * Makes the workers' threads, and does not start them.
   *
   * @param executor whose machinery this is
   */
  public Scheduler(AsyncExecutor executor, SchedulerConfig config) {
    this.executor = executor;
    this.config = config;
    hooks = config.hooks();
    threads = new WorkerThreads(config); // first: tasks are made for its class loader
    work = new WorkUnderWay(executor, config, threads, this::stopIfQuiet, this::blockingCallEnded);
    present = new AtomicInteger(config.workers());
    crew = new Crew(this, config);
  }

  /**
   * Starts the workers and waits until their I/O loops are open.
   *
   * @throws IllegalStateException if one could not be opened
   */
  public void start() {
    crew.start();
    work.show();
  }

  /** Has something done at the end; perhaps twice. To be called before {@link #start}. */
  public void onTerminated(Runnable action) {
    onTerminated = action;
  }

  // ---- what the executor calls

  /** The executor whose machinery this is. */
  public AsyncExecutor executor() {
    return executor;
  }

  /** What it was made from. */
  public SchedulerConfig config() {
    return config;
  }

  /** The driver of the first I/O loop; null if there is none. */
  public @Nullable Driver driver() {
    return crew.seats.firstDriver();
  }

  /** What has been counted so far. */
  public ExecutorMetrics metrics() {
    return MetricsSnapshot.of(config, crew.workers(), crew.injection, work);
  }

  /** In which order a deterministic executor has polled; empty for others. */
  public List<String> trace() {
    Lottery lottery = crew.lottery;
    return lottery == null ? List.of() : lottery.trace();
  }

  /** Queues a frame; see {@link AsyncExecutor#schedule}. */
  public void schedule(Frame<?> frame) {
    if (Carrier.current() instanceof Worker worker && worker.scheduler() == this) {
      worker.schedule(frame);
    } else {
      crew.inject(frame);
    }
  }

  /** Queues a frame behind the others; see {@link AsyncExecutor#scheduleYielded}. */
  public void scheduleYielded(Frame<?> frame) {
    if (Carrier.current() instanceof Worker worker && worker.scheduler() == this) {
      worker.defer(frame);
    } else {
      crew.inject(frame);
    }
  }

  /**
   * Starts a task.
   *
   * @return false if no more tasks are accepted; the task was not touched
   */
  public boolean start(OwnedTask<?> task) {
    Carrier carrier = Carrier.current();
    Worker worker = carrier instanceof Worker here && here.scheduler() == this ? here : null;
    boolean inside = (worker != null || isInside(carrier)) && !isStopping();
    if (!work.owned.add(task, worker == null ? -1 : worker.index, inside)) {
      return false;
    }
    if (cancelling.get() && carrier != null && !carrier.isCleaningUp()) {
      task.cancel(true); // its starter is about to be cancelled, and it came too late for that
    }
    if (hooks.taskSpawn() != null) {
      Hooks.call(hooks.taskSpawn(), task);
      schedule(task); // the hook may have blocked in place, and this be no worker's thread any more
    } else if (worker != null) {
      worker.schedule(task);
    } else {
      crew.inject(task);
    }
    return true;
  }

  /** True on a thread that runs work of this executor, which may go on while it drains. */
  private boolean isInside(@Nullable Carrier carrier) {
    return carrier != null ? carrier.executor() == executor : work.blocking.isHere();
  }

  @Override
  public boolean isOwnThread() {
    return isInside(Carrier.current());
  }

  /** Makes a blocking call; see {@link AsyncExecutor#spawnBlocking}. */
  public <T> Task<T> spawnBlocking(Callable<T> call) {
    if (crew.lottery != null) { // on the one thread there is, in its turn
      OwnedTask<T> task = OwnedTask.blockingCall(executor, call);
      return start(task) ? task : refused();
    }
    boolean accepted =
        phase == Phase.RUNNING || (phase == Phase.SHUTDOWN && isInside(Carrier.current()));
    return accepted ? work.blocking.submit(call) : refused();
  }

  /**
   * What comes in place of an operation. To a method that is still under way when the executor has
   * been halted it is what its awaits throw then, and it is made to suspend: else one that swallows
   * everything would find one complete failure after the other, and never end.
   */
  public <T extends @Nullable Object> Task<T> refused() {
    try {
      return Settled.failure(rejection());
    } catch (HaltedError halted) {
      return Settled.failure(halted);
    }
  }

  /**
   * The same, to be thrown.
   *
   * @throws HaltedError to such a method
   */
  public RejectedExecutionException rejection() {
    Carrier carrier = Carrier.current();
    if (isHalted() && carrier != null && isInside(carrier)) {
      carrier.setUnconstrained(false);
      throw new HaltedError(refusal());
    }
    return new RejectedExecutionException(refusal());
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return threads.contextClassLoader();
  }

  @Override
  public void detached(Frame<?> call) {
    work.detached.add(call);
    if (phase == Phase.SHUTDOWN) {
      stopIfQuiet(); // it may have ended meanwhile, and then it is not there any more
    }
    if (isHalted()) {
      call.force();
    } else if (cancelling.get()) {
      Carrier carrier = Carrier.current();
      if (carrier == null || !carrier.isCleaningUp()) {
        call.request();
      }
    }
  }

  @Override
  public void attached(Frame<?> call) {
    work.detached.remove(call);
    if (phase == Phase.SHUTDOWN) {
      stopIfQuiet();
    }
  }

  /** Starts a sleep; see {@link AsyncExecutor#sleep}. */
  public Task<@Nullable Void> sleep(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      return Settled.value(null);
    }
    Task<@Nullable Void> sleep = crew.sleep(duration);
    return sleep == null ? refused() : sleep;
  }

  /** Why work is refused, for messages. */
  public String refusal() {
    return "the executor " + config.name() + " is shut down";
  }

  // ---- what the workers call

  /** A task that had blocked its thread has come to the end of its poll. */
  void blockedTaskEnded() {
    blockingCallEnded();
    terminateIfOver();
  }

  /** A blocking call has ended, on the pool. */
  private void blockingCallEnded() {
    crew.wakeForVirtualTime();
    if (phase == Phase.SHUTDOWN) {
      stopIfQuiet();
    }
  }

  /** Opens an I/O loop if this is a worker that is to have one. */
  void openDriver(Worker worker) {
    worker.driver.open();
    if (crew.seats.hasFailed()) {
      phase = Phase.HALTED;
      crew.unparkAll();
    }
  }

  /** True while a thread is blocked that will make work, or may: a virtual clock stands still. */
  boolean isAnythingBlocking() {
    return !work.blocking.isIdle() || threads.isAnyBlocked();
  }

  boolean isStopping() {
    return phase.compareTo(Phase.STOPPING) >= 0;
  }

  boolean isHalted() {
    return phase == Phase.HALTED;
  }

  /** A worker's last words. */
  void signOff(Worker worker) {
    if (present.decrementAndGet() == 0) {
      worker.driver.closeTheRest();
      crew.end();
      halt();
      work.forceBodies(); // started by code of no task, after the last one
      work.owned.unheard().close();
      threads.close();
      terminateIfOver();
    }
  }

  /**
   * Not before the last task that blocks a thread has gone on to its next suspension. The last
   * worker signs off and then looks for such a task; that counts itself out and then looks for
   * workers.
   */
  private void terminateIfOver() {
    if (present.get() == 0 && !threads.isAnyBlocked()) {
      try {
        onTerminated.run();
      } finally {
        terminated.countDown();
      }
    }
  }

  // ---- the end

  /** Accepts no more tasks from outside; those that are there go on to their end. */
  public void shutdown() {
    work.owned.close();
    PHASE.compareAndSet(this, Phase.RUNNING, Phase.SHUTDOWN);
    stopIfQuiet();
  }

  /**
   * As {@link #shutdown}, and cancels the tasks that are there. The second time it does nothing:
   * what is there then was started to clean up.
   *
   * @param never is given the bodies of tasks that have not started, and never will
   */
  public void shutdownNow(Consumer<? super Callable<?>> never) {
    shutdown();
    if (cancelling.compareAndSet(false, true)) {
      work.cancel(never);
    }
  }

  /**
   * Ends the executor's work if there is none. Called after whatever was the last of its kind has
   * ended. Three counts cannot be taken at one moment; but if nothing has begun from before the
   * first to after the last, each that was zero has stayed so. Else we look again: whoever has
   * begun something may have ended it, and looked, while our caller's was still counted.
   */
  private void stopIfQuiet() {
    while (phase == Phase.SHUTDOWN) {
      long before = work.begun();
      if (!work.isNone()) {
        return;
      }
      if (work.begun() == before) {
        if (PHASE.compareAndSet(this, Phase.SHUTDOWN, Phase.STOPPING)) {
          work.blocking.shutdown();
          crew.timers.close();
          crew.unparkAll();
        }
        return;
      }
    }
  }

  /** {@inheritDoc} Returns when the threads have ended, too. */
  @Override
  public CloseReport close(Duration drain, Duration bound) {
    return new Closing(this, drain, bound).run();
  }

  @Override
  public List<CloseReport.Unended> unended() {
    return work.unended();
  }

  private void halt() {
    phase = Phase.HALTED;
    crew.timers.close();
    crew.unparkAll();
    crew.rejectQueued();
  }

  /** Has every body that has not ended meet its end at its next await, or at the one it is at. */
  void haltUnended() {
    halt();
    crew.rejectStolen();
    work.force();
  }

  /** True once no more tasks are accepted. */
  @Override
  public boolean isShutdown() {
    return phase != Phase.RUNNING;
  }

  /** True once every worker has ended. */
  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  /** Waits for that. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  @Override
  public String toString() {
    return "%s[%s, %s, %s tasks, %s timers]"
        .formatted(config.name(), phase, crew.idle, work.owned.size(), crew.timers.size());
  }
}
