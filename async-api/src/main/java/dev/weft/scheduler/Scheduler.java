package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the workers share, and the executor's life from start to end.
 *
 * <h2>Phases</h2>
 *
 * <pre>
 *   RUNNING --shutdown--&gt; SHUTDOWN --quiet--&gt; STOPPING --last worker--&gt; HALTED
 *                            \------------------\--bound is over------&gt; HALTED
 * </pre>
 *
 * <ol>
 *   <li>{@code shutdown} first closes the list of owned tasks and the blocking pool, and then
 *       enters SHUTDOWN: so whoever sees that phase knows that nothing new can be added.
 *   <li>Whoever ends the last owned task or blocking call, or shuts down when there is none, enters
 *       STOPPING. Timers are cancelled; the workers poll what is still queued (frames that no task
 *       waits for) and leave when they find nothing.
 *   <li>The last worker to leave enters HALTED, or who has waited long enough does. Every frame
 *       that is queued now or later is rejected; what a worker that does not end keeps to itself
 *       (its overflow and yielded frames), when it ends.
 * </ol>
 *
 * <h2>No frame is left behind</h2>
 *
 * A thread that schedules a frame pushes it and then reads the phase; who enters HALTED writes the
 * phase and then drains the queue. Both volatile: one of the two drains the frame. Rejecting a
 * frame completes it, which may schedule the next one up the chain. That one is pushed to the queue
 * which is being drained, so a long chain is rejected in a loop and not in a recursion.
 */
public final class Scheduler {
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
  private final BlockingPool blocking;
  private final Worker[] workers;
  private final AtomicInteger present;
  private final CountDownLatch terminated = new CountDownLatch(1);

  /** Who wants to know of the end. Set before the start. */
  private Runnable onTerminated = () -> {};

  /** The sample under way of frames scheduled from outside. */
  private volatile @Nullable LatencyProbe probe;

  /** Only moves forward. */
  private volatile Phase phase = Phase.RUNNING;

  /**
   * Makes the workers' threads, and does not start them.
   *
   * @param executor whose machinery this is
   */
  public Scheduler(AsyncExecutor executor, Config config) {
    this.executor = executor;
    this.config = config;
    idle = new IdleSet(config.workers());
    clock = config.clock();
    hooks = config.hooks();
    long now = clock.nanoTime();
    timers =
        new Timers(config.workers(), clock.isVirtual() ? Math.min(now, Timers.LAST_ORIGIN) : now);
    owned = new OwnedTasks(config.workers(), hooks, this::stopIfQuiet);
    blocking =
        new BlockingPool(
            BlockingThreads.of(config),
            config.name(),
            hooks,
            this::blockingCallEnded,
            this::stopIfQuiet);
    lottery = config.seed() == null ? null : new Lottery(config.seed());
    seats = new DriverSeats(this, config);
    threads = new WorkerThreads(config);
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
    Worker worker =
        Carrier.current() instanceof Worker here && here.scheduler() == this ? here : null;
    if (!owned.add(task, worker == null ? -1 : worker.index)) {
      return false;
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

  /** Makes a blocking call; see {@link AsyncExecutor#spawnBlocking}. */
  public <T> Task<T> spawnBlocking(Callable<T> call) {
    if (lottery != null) { // on the one thread there is, in its turn
      OwnedTask<T> task = new OwnedTask<>(this, call.getClass(), () -> Settled.value(call.call()));
      return start(task) ? task : Settled.failure(new RejectedExecutionException(refusal()));
    }
    return blocking.submit(call);
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
      return Settled.failure(new RejectedExecutionException(refusal()));
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

  /** Accepts no more tasks; those that are there go on to their end. */
  public void shutdown() {
    owned.close();
    blocking.shutdown();
    enter(Phase.RUNNING, Phase.SHUTDOWN);
    stopIfQuiet();
  }

  /** As {@link #shutdown}, and cancels the tasks that are there. */
  public void shutdownNow() {
    shutdownNow(body -> {});
  }

  /**
   * The same.
   *
   * @param never is given the bodies of tasks that have not started, and never will
   */
  public void shutdownNow(Consumer<? super Callable<?>> never) {
    shutdown();
    for (OwnedTask<?> task : owned.snapshot()) {
      Callable<?> body = task.unstartedBody();
      if (task.cancel(true) && body != null && task.unstartedBody() != null) {
        never.accept(body);
      }
    }
    blocking.cancelAll();
  }

  private void stopIfQuiet() {
    if (phase == Phase.SHUTDOWN
        && blocking.isTerminated()
        && owned.size() == 0
        && enter(Phase.SHUTDOWN, Phase.STOPPING)) {
      timers.close();
      unparkAll();
    }
  }

  /**
   * Ends the executor: accepts no more work, lets what there is go on for a while, then cancels it,
   * and gives it up if it does not end in time.
   *
   * @param drain for how long to let tasks end by themselves
   * @param bound for how long to wait after they were cancelled. No longer if the calling thread is
   *     interrupted, which it stays
   */
  public CloseReport close(Duration drain, Duration bound) {
    long start = System.nanoTime();
    boolean ended = false;
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
      Thread.currentThread().interrupt();
    } finally {
      if (!ended) {
        shutdownNow();
        halt();
        rejectStolen();
      }
    }
    long most = nanos(drain) + Math.min(nanos(bound), Long.MAX_VALUE - nanos(drain));
    Duration took = Duration.ofNanos(ended ? System.nanoTime() - start : most);
    return new CloseReport(config.name(), took, ended ? List.of() : unended(), ended);
  }

  /** For ever is 292 years. */
  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  private List<CloseReport.Unended> unended() {
    List<CloseReport.Unended> unended = new ArrayList<>();
    for (OwnedTask<?> task : owned.snapshot()) {
      unended.add(new CloseReport.Unended(task.id(), task.name(), task.describe(), false));
    }
    unended.addAll(blocking.unended());
    return unended;
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

  /**
   * Also called by a worker that ends: it may have held the lock that kept another from doing it.
   */
  void rejectQueued() {
    injection.drain(frame -> frame.reject(refusal()));
  }

  /** Rejects what thieves can reach of the queue of a worker that does not end. */
  private void rejectStolen() {
    LocalQueue mine = new LocalQueue(LocalQueue.CAPACITY);
    for (Worker worker : workers) {
      Frame<?> lifo = worker.queue.peekLifo();
      if (lifo != null && worker.queue.stealLifo(lifo)) {
        lifo.reject(refusal());
      }
      for (Frame<?> frame; (frame = worker.queue.stealInto(mine)) != null; ) {
        do {
          frame.reject(refusal());
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
  public boolean isShutdown() {
    return phase != Phase.RUNNING;
  }

  /** True once every worker has ended. */
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  /** Waits for that. */
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
