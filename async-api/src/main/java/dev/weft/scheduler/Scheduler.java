package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.frame.Whereabouts;
import dev.weft.metrics.ExecutorMetrics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
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
 * What the workers share, and the executor's life from start to end. Longer than others, because
 * the phases of that life are one protocol and everything that starts or ends work takes part.
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
  /**
   * What an executor is made from.
   *
   * @param name prefix of its threads' names
   * @param workers how many workers
   * @param driver what opens the driver; null for none
   * @param maxBlockingThreads limit of the blocking pool
   * @param blockingKeepAlive how long an idle thread of it stays
   * @param virtualBlockingThreads whether its threads are virtual, and as many as there are calls
   * @param localQueueCapacity slots of each worker's ring; a power of two
   * @param ioLoops how many I/O loops; 0 for one, and further ones as the load needs them
   * @param takeover whether workers take I/O loops over from each other, where the driver lets them
   * @param clock the time by which timers run
   * @param hooks whom to tell what
   * @param measuring which histograms to keep
   * @param seed for the order of a deterministic executor; null for one that is fast instead
   */
  public record Config(
      String name,
      int workers,
      Driver.@Nullable Provider driver,
      int maxBlockingThreads,
      Duration blockingKeepAlive,
      boolean virtualBlockingThreads,
      int localQueueCapacity,
      int ioLoops,
      boolean takeover,
      Clock clock,
      Hooks hooks,
      Measuring measuring,
      @Nullable Long seed) {
    /** As Tokio has it. */
    public static final int LOCAL_QUEUE_CAPACITY = LocalQueue.CAPACITY;
  }

  /**
   * Which histograms to keep.
   *
   * @param pollTimes how long polls take: two looks at the clock per poll
   * @param latencies how long frames wait for their poll: by samples
   */
  public record Measuring(boolean pollTimes, boolean latencies) {
    /** None. */
    public static final Measuring NOTHING = new Measuring(false, false);
  }

  /** For what is done but for its last instructions. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

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

  final InjectionQueue injection = new InjectionQueue();
  final IdleSet idle;
  final Timers timers;
  final Clock clock;
  final Hooks hooks;
  final DriverSeats seats;
  final StuckMonitor monitor;
  final @Nullable Lottery lottery;
  final WorkerThreads threads;
  private final AsyncExecutor executor;
  private final Config config;
  private final OwnedTasks owned;
  private final DetachedCalls detached = new DetachedCalls();
  private final BlockingPool blocking;
  private final Reaper reaper;
  private final Worker[] workers;
  private final AtomicInteger present;
  private final CountDownLatch terminated = new CountDownLatch(1);

  /** Who wants to know of the end. Set before the start. */
  private Runnable onTerminated = () -> {};

  /** The sample under way of frames scheduled from outside. */
  private volatile @Nullable LatencyProbe probe;

  /** Only moves forward. */
  private volatile Phase phase = Phase.RUNNING;

  /** True once what was under way has been cancelled, or is about to be. */
  private final AtomicBoolean cancelling = new AtomicBoolean();

  /**
   * Makes the workers' threads, and does not start them.
   *
   * @param executor whose machinery this is
   */
  public Scheduler(AsyncExecutor executor, Config config) {
    this.executor = executor;
    this.config = config;
    threads = new WorkerThreads(config); // first: tasks are made for its class loader
    idle = new IdleSet(config.workers());
    clock = config.clock();
    hooks = config.hooks();
    long now = clock.nanoTime();
    timers =
        new Timers(config.workers(), clock.isVirtual() ? Math.min(now, Timers.LAST_ORIGIN) : now);
    owned = new OwnedTasks(config.workers(), hooks, this::stopIfQuiet);
    blocking =
        new BlockingPool(BlockingThreads.of(config), config.name(), hooks, this::blockingCallEnded);
    reaper = new Reaper(config.name(), executor, this::rejectNext);
    lottery = config.seed() == null ? null : new Lottery(config.seed());
    seats = new DriverSeats(this, config);
    monitor = new StuckMonitor(this, config);
    present = new AtomicInteger(config.workers());
    workers = new Worker[config.workers()];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(this, i, config);
    }
  }

  /**
   * Starts the workers and waits until their I/O loops are open.
   *
   * @throws IllegalStateException if it could not be opened
   */
  public void start() {
    for (Worker worker : workers) {
      worker.start();
    }
    seats.awaitOpen();
    monitor.start();
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
  public Config config() {
    return config;
  }

  /** The driver of the first I/O loop; null if there is none. */
  public @Nullable Driver driver() {
    DriverSeat seat = seats.first();
    return seat == null ? null : seat.driver();
  }

  /** What has been counted so far. */
  public ExecutorMetrics metrics() {
    return MetricsSnapshot.of(config, workers, injection, owned, blocking);
  }

  /** In which order a deterministic executor has polled; empty for others. */
  public List<String> trace() {
    return lottery == null ? List.of() : lottery.trace();
  }

  /** How often a worker has taken an I/O loop from one that was late with its poll. */
  public long loopTakeovers() {
    long takeovers = 0;
    for (Worker worker : workers) {
      takeovers += worker.counters.get(WorkerCounters.TAKEOVERS);
    }
    return takeovers;
  }

  /** Queues a frame; see {@link AsyncExecutor#schedule}. */
  public void schedule(Frame<?> frame) {
    if (Carrier.current() instanceof Worker worker && worker.scheduler() == this) {
      worker.schedule(frame);
    } else {
      inject(frame);
    }
  }

  /** Queues a frame behind the others; see {@link AsyncExecutor#scheduleYielded}. */
  public void scheduleYielded(Frame<?> frame) {
    if (Carrier.current() instanceof Worker worker && worker.scheduler() == this) {
      worker.defer(frame);
    } else {
      inject(frame);
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
    if (!owned.add(task, worker == null ? -1 : worker.index, inside)) {
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
      inject(task);
    }
    return true;
  }

  /** True on a thread that runs work of this executor, which may go on while it drains. */
  private boolean isInside(@Nullable Carrier carrier) {
    return carrier != null ? carrier.executor() == executor : blocking.isHere();
  }

  /** True on a thread that the executor's end has to wait for. */
  @Override
  public boolean isOwnThread() {
    return isInside(Carrier.current());
  }

  /** Makes a blocking call; see {@link AsyncExecutor#spawnBlocking}. */
  public <T> Task<T> spawnBlocking(Callable<T> call) {
    if (lottery != null) { // on the one thread there is, in its turn
      OwnedTask<T> task = OwnedTask.blockingCall(this, call);
      return start(task) ? task : refused();
    }
    boolean accepted =
        phase == Phase.RUNNING || (phase == Phase.SHUTDOWN && isInside(Carrier.current()));
    return accepted ? blocking.submit(call) : refused();
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

  /** See {@link AsyncExecutor#contextClassLoader}. */
  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return threads.contextClassLoader();
  }

  /** See {@link AsyncExecutor#detached}. */
  @Override
  public void detached(Frame<?> call) {
    detached.add(call);
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

  /** See {@link AsyncExecutor#attached}. */
  @Override
  public void attached(Frame<?> call) {
    detached.remove(call);
    if (phase == Phase.SHUTDOWN) {
      stopIfQuiet();
    }
  }

  /** Starts a sleep; see {@link AsyncExecutor#sleep}. */
  public Task<@Nullable Void> sleep(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      return Settled.value(null);
    }
    long now = clock.nanoTime();
    Worker current =
        Carrier.current() instanceof Worker worker && worker.scheduler() == this ? worker : null;
    int wheel =
        current != null ? current.index : (int) (Thread.currentThread().getId() % workers.length);
    Sleep sleep = timers.start(duration, wheel, now);
    if (sleep == null) {
      return refused();
    }
    if (current == null && (clock.isVirtual() || timers.isDueBeforeAlarm(sleep))) {
      unpark(idle.takeSleeperAnyway());
    }
    return sleep;
  }

  /** Why work is refused, for messages. */
  public String refusal() {
    return "the executor " + config.name() + " is shut down";
  }

  // ---- what the workers call

  Worker[] workers() {
    return workers;
  }

  /** Queues a frame for whichever worker comes first. From any thread. */
  void inject(Frame<?> frame) {
    injection.push(frame);
    if (config.measuring().latencies()) {
      sampleLatency();
    }
    if (isHalted()) {
      rejectQueued();
    } else {
      wakeOne();
    }
  }

  /** Two threads at once make two probes, which does no harm. */
  private void sampleLatency() {
    LatencyProbe last = probe;
    if ((last == null || last.isDone()) && !isHalted()) {
      LatencyProbe next = new LatencyProbe();
      probe = next;
      injection.push(next);
    }
  }

  /** Wakes the newest sleeper, unless somebody searches already. */
  void wakeOne() {
    if (idle.wantsWake()) {
      unpark(idle.takeSleeper());
    }
  }

  private void unpark(int worker) {
    if (worker != IdleSet.NOBODY) {
      workers[worker].unpark();
    }
  }

  /** True if a worker that has announced its sleep had better not. */
  boolean hasWorkFor(Worker sleeper) {
    if (!injection.isEmpty() || phase.compareTo(Phase.STOPPING) >= 0) {
      return true;
    }
    for (Worker worker : workers) {
      if (!worker.queue.isEmpty()) {
        return true;
      }
    }
    return sleeper.driver.hasReasonToRise();
  }

  /**
   * How long a worker that has announced its sleep, and has looked for work since, may sleep. With
   * a virtual clock: until somebody wakes it; but the last one to go to sleep moves the clock to
   * the next timer instead. A blocking call that is still under way has it wait for {@link
   * #blockingCallEnded}.
   */
  long nanosToSleep(long alarm) {
    if (!clock.isVirtual()) {
      return timers.nanosUntil(alarm, System.nanoTime());
    }
    long next = timers.nextNanos();
    if (next == Long.MAX_VALUE
        || idle.sleeping() < workers.length
        || !blocking.isIdle()
        || threads.isAnyBlocked()) {
      return Long.MAX_VALUE;
    }
    clock.skipTo(next);
    return 0;
  }

  /** The time for timers, given the time. */
  long timerTime(long now) {
    return clock.isVirtual() ? clock.nanoTime() : now;
  }

  /** A task that had blocked its thread has come to the end of its poll. */
  void blockedTaskEnded() {
    blockingCallEnded();
    terminateIfOver();
  }

  /** A blocking call has ended, on the pool. */
  private void blockingCallEnded() {
    if (clock.isVirtual()) {
      unpark(idle.takeSleeperAnyway());
    }
    if (phase == Phase.SHUTDOWN) {
      stopIfQuiet();
    }
  }

  /** Opens an I/O loop if this is a worker that is to have one. */
  void openDriver(Worker worker) {
    worker.driver.open();
    if (seats.hasFailed()) {
      phase = Phase.HALTED;
      unparkAll();
    }
  }

  /** Wakes a sleeper that holds no I/O loop, because there is one to be had. */
  void wakeForFreeLoop() {
    unpark(idle.takeSleeperWhich(worker -> !workers[worker].driver.hasLoop()));
  }

  /** Wakes a sleeper to help a worker that is stuck, one without an I/O loop by preference. */
  void wakeHelper() {
    int worker = idle.takeSleeperWhich(sleeper -> !workers[sleeper].driver.hasLoop());
    unpark(worker != IdleSet.NOBODY ? worker : idle.takeSleeperAnyway());
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
      monitor.stop();
      halt();
      owned.snapshot().forEach(Frame::force); // started by code of no task, after the last one
      detached.snapshot().forEach(Frame::force);
      owned.unheard().close();
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
    owned.close();
    enter(Phase.RUNNING, Phase.SHUTDOWN);
    stopIfQuiet();
  }

  /** As {@link #shutdown}, and cancels the tasks that are there. */
  public void shutdownNow() {
    shutdownNow(body -> {});
  }

  /**
   * The same. The second time it does nothing: what is there then was started to clean up.
   *
   * @param never is given the bodies of tasks that have not started, and never will
   */
  public void shutdownNow(Consumer<? super Callable<?>> never) {
    shutdown();
    if (!cancelling.compareAndSet(false, true)) {
      return;
    }
    // Before any task is told: what it starts after that is its clean-up.
    List<BlockingCall<?>> calls = blocking.snapshot();
    for (OwnedTask<?> task : owned.snapshot()) {
      if (task.isAwaitedOperation()) {
        continue;
      }
      Callable<?> body = task.unstartedBody();
      if (task.cancel(true) && body != null && task.unstartedBody() != null) {
        never.accept(body);
      }
    }
    detached.snapshot().forEach(Frame::request);
    calls.forEach(BlockingCall::end);
  }

  /**
   * Ends the executor's work if there is none. Called after whatever was the last of its kind has
   * ended. Three counts cannot be taken at one moment; but if nothing has begun from before the
   * first to after the last, each that was zero has stayed so. Else we look again: whoever has
   * begun something may have ended it, and looked, while our caller's was still counted.
   */
  private void stopIfQuiet() {
    while (phase == Phase.SHUTDOWN) {
      long before = begun();
      if (!blocking.isIdle() || owned.size() > 0 || detached.size() > 0) {
        return;
      }
      if (begun() == before) {
        if (enter(Phase.SHUTDOWN, Phase.STOPPING)) {
          blocking.shutdown();
          timers.close();
          unparkAll();
        }
        return;
      }
    }
  }

  private long begun() {
    return owned.begun() + blocking.begun() + detached.begun();
  }

  /**
   * Ends the executor: accepts no more work, lets what there is go on for a while, then cancels it,
   * and halts what does not end in time. Returns when the threads have ended, too.
   *
   * @param drain for how long to let tasks end by themselves
   * @param bound for how long to wait after they were cancelled. No longer if the calling thread is
   *     interrupted, which it stays
   */
  @Override
  public CloseReport close(Duration drain, Duration bound) {
    long start = System.nanoTime();
    boolean ended = false;
    boolean interrupted = false;
    try {
      if (drain.isZero()) {
        shutdownNow();
      } else {
        shutdown();
        ended = awaitTermination(nanos(drain), TimeUnit.NANOSECONDS);
        if (!ended) {
          shutdownNow();
        }
      }
      ended = ended || awaitTermination(nanos(bound), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    List<CloseReport.Unended> unended = List.of();
    if (!ended) {
      unended = unended();
      haltUnended();
    }
    long most = nanos(drain) + Math.min(nanos(bound), Long.MAX_VALUE - nanos(drain));
    Duration took = Duration.ofNanos(interrupted || ended ? System.nanoTime() - start : most);
    if (!interrupted) {
      interrupted = awaitLastSteps();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new CloseReport(config.name(), took, unended, ended);
  }

  /** For ever is 292 years. */
  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  /**
   * Waits for threads that are about to end, and for what the reaper still has to do; not for long.
   *
   * @return true if the calling thread was interrupted
   */
  private boolean awaitLastSteps() {
    long deadline = System.nanoTime() + LAST_STEPS.toNanos();
    try {
      reaper.awaitIdle(deadline);
      if (awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        threads.join(deadline);
        monitor.join(deadline);
        blocking.join(deadline);
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private List<CloseReport.Unended> unended() {
    List<CloseReport.Unended> unended = new ArrayList<>();
    for (OwnedTask<?> task : owned.snapshot()) {
      unended.add(
          new CloseReport.Unended(task.id(), task.name(), task.describe(), false, where(task)));
    }
    for (Frame<?> call : detached.snapshot()) {
      unended.add(
          new CloseReport.Unended(0, null, Whereabouts.describeCall(call), false, where(call)));
    }
    unended.addAll(blocking.unended());
    return unended;
  }

  /** The line at which a task stands: the thread's that runs it, or of the await. */
  private @Nullable String where(Frame<?> task) {
    Thread thread = threads.threadOf(Whereabouts.innermost(task));
    String running = RunningCode.of(thread);
    return running != null ? running : Whereabouts.of(task);
  }

  private boolean enter(Phase from, Phase to) {
    return PHASE.compareAndSet(this, from, to);
  }

  private void halt() {
    phase = Phase.HALTED;
    timers.close();
    unparkAll();
    rejectQueued();
  }

  /** Has every body that has not ended meet its end at its next await, or at the one it is at. */
  private void haltUnended() {
    halt();
    rejectStolen();
    blocking.snapshot().forEach(call -> call.cancel(true));
    owned.snapshot().forEach(Frame::force);
    detached.snapshot().forEach(Frame::force);
    blocking.shutdown();
  }

  private boolean rejectNext() {
    Frame<?> frame = injection.poll();
    if (frame == null) {
      return false; // or another thread is taking it
    }
    frame.reject(refusal());
    return true;
  }

  /** Also called by a worker that ends. */
  void rejectQueued() {
    if (!injection.isEmpty()) {
      reaper.summon();
    }
  }

  /** Rejects what thieves can reach of the queue of a worker that does not end. */
  private void rejectStolen() {
    LocalQueue mine = new LocalQueue(LocalQueue.CAPACITY);
    for (Worker worker : workers) {
      Frame<?> lifo = worker.queue.peekLifo();
      if (lifo != null && worker.queue.stealLifo(lifo)) {
        inject(lifo);
      }
      for (Frame<?> frame; (frame = worker.queue.stealInto(mine)) != null; ) {
        do {
          inject(frame);
          frame = mine.pop();
        } while (frame != null);
      }
    }
  }

  private void unparkAll() {
    for (Worker worker : workers) {
      worker.unpark();
    }
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
    return config.name()
        + "["
        + phase
        + ", "
        + idle
        + ", "
        + owned.size()
        + " tasks, "
        + timers.size()
        + " timers]";
  }
}
