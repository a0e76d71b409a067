package dev.weft.scheduler;

import dev.weft.Clock;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import dev.weft.jfr.FlightSwitch;
import dev.weft.scheduler.io.DriverSeats;
import dev.weft.scheduler.io.LoopCrew;
import dev.weft.scheduler.metrics.LatencyProbe;
import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.InjectionQueue;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.thread.Reaper;
import dev.weft.scheduler.time.Sleep;
import dev.weft.scheduler.time.Timers;
import dev.weft.scheduler.watch.StuckMonitor;
import dev.weft.scheduler.watch.TakeoverLog;
import dev.weft.scheduler.watch.WatchedCrew;
import dev.weft.scheduler.watch.WatchedWorker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The workers of an executor and what they share: the injection queue, the timers, the I/O loops,
 * and the question of whom to wake for what. That none of it is overlooked while workers fall
 * asleep is argued in {@link IdleSet}; how it all ends, in {@link Scheduler}.
 *
 * <p>{@link #inject}, {@link #sleep} and what wakes are called by any thread, the rest by workers
 * unless it says otherwise.
 */
final class Crew implements LoopCrew, WatchedCrew {
  final InjectionQueue injection = new InjectionQueue();
  final IdleSet idle;
  final Timers timers;
  final Clock clock;
  final DriverSeats seats;
  final StuckMonitor monitor;
  final @Nullable Lottery lottery;
  private final String name;
  private final Scheduler scheduler;
  private final Reaper reaper;
  private final Worker[] workers;
  private final WatchedWorker[] watched;
  private final boolean samplesLatencies;

  /** The sample under way of frames scheduled from outside. */
  private volatile @Nullable LatencyProbe probe;

  /** Makes the workers' threads, and does not start them. */
  Crew(Scheduler scheduler, SchedulerConfig config) {
    this.scheduler = scheduler;
    name = config.name();
    samplesLatencies = config.measuring().latencies();
    idle = new IdleSet(config.workers());
    clock = config.clock();
    long now = clock.nanoTime();
    timers =
        new Timers(
            config.workers(),
            clock.isVirtual() ? Math.min(now, Timers.LAST_ORIGIN) : now,
            clock::nanoTime);
    reaper = new Reaper(config.name(), scheduler.executor(), this::rejectNext);
    lottery = config.seed() == null ? null : new Lottery(config.seed());
    seats =
        new DriverSeats(
            this,
            config.name(),
            config.ioLoops(),
            config.workers(),
            config.driver(),
            config.takeover());
    monitor = new StuckMonitor(this, config.name(), config.workers(), config.slowPolls());
    workers = new Worker[config.workers()];
    watched = new WatchedWorker[workers.length];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(scheduler, this, i, config);
      watched[i] = workers[i].life;
    }
  }

  /** Starts the workers and waits until their I/O loops are open. */
  void start() {
    for (Worker worker : workers) {
      worker.life.thread().start();
    }
    FlightSwitch.executorStarts(); // takes its time, and so do they: they open their loops
    seats.awaitOpen();
    monitor.start();
  }

  /** The last worker is about to leave. */
  void end() {
    monitor.stop();
    FlightSwitch.executorEnds();
  }

  /** Each worker, in the order of their numbers. Not to be written to. */
  Worker[] workers() {
    return workers;
  }

  @Override
  public WatchedWorker[] watched() {
    return watched;
  }

  @Override
  public boolean loopTaken(int from, int by) {
    Worker holder = workers[from];
    boolean first = holder.life.loopTaken(by, System.nanoTime());
    if (first) {
      TakeoverLog.say(name, holder.life.thread(), from, by);
    }
    return first;
  }

  @Override
  public long loopTakeovers() {
    long takeovers = 0;
    for (Worker worker : workers) {
      takeovers += worker.counters.get(WorkerCounters.TAKEOVERS);
    }
    return takeovers;
  }

  // ---- work from outside

  /** Queues a frame for whichever worker comes first. */
  void inject(Frame<?> frame) {
    injection.push(frame);
    if (samplesLatencies) {
      sampleLatency();
    }
    if (scheduler.isHalted()) {
      rejectQueued();
    } else {
      wakeOne();
    }
  }

  /** Two threads at once make two probes, which does no harm. */
  private void sampleLatency() {
    LatencyProbe last = probe;
    if ((last == null || last.isDone()) && !scheduler.isHalted()) {
      LatencyProbe next = new LatencyProbe();
      probe = next;
      injection.push(next);
    }
  }

  /** Starts a sleep; null if the timers were closed. */
  @Nullable Task<@Nullable Void> sleep(Duration duration) {
    long now = clock.nanoTime();
    Worker current =
        Carrier.current() instanceof Worker worker && worker.scheduler() == scheduler
            ? worker
            : null;
    int wheel =
        current != null ? current.index : (int) (Thread.currentThread().getId() % workers.length);
    Sleep sleep = timers.start(duration, wheel, now);
    if (sleep != null && current == null && (clock.isVirtual() || timers.isDueBeforeAlarm(sleep))) {
      unpark(idle.takeSleeperAnyway());
    }
    return sleep;
  }

  // ---- waking

  /** Wakes the newest sleeper, unless somebody searches already. */
  void wakeOne() {
    if (idle.wantsWake()) {
      unpark(idle.takeSleeper());
    }
  }

  private void unpark(int worker) {
    if (worker != IdleSet.NOBODY) {
      workers[worker].driver.unpark();
    }
  }

  /** A sleeper with a virtual clock may have waited for a call that has ended, to move it on. */
  void wakeForVirtualTime() {
    if (clock.isVirtual()) {
      unpark(idle.takeSleeperAnyway());
    }
  }

  @Override
  public void wakeForFreeLoop() {
    unpark(idle.takeSleeperWhich(worker -> !workers[worker].driver.hasLoop()));
  }

  @Override
  public void wakeHelper() {
    int worker = idle.takeSleeperWhich(sleeper -> !workers[sleeper].driver.hasLoop());
    unpark(worker != IdleSet.NOBODY ? worker : idle.takeSleeperAnyway());
  }

  void unparkAll() {
    for (Worker worker : workers) {
      worker.driver.unpark();
    }
  }

  // ---- what a worker asks that is about to sleep

  /** True if a worker that has announced its sleep had better not. */
  boolean hasWorkFor(Worker sleeper) {
    return scheduler.isStopping() || hasQueuedFor(sleeper) || sleeper.driver.hasReasonToRise();
  }

  /** True if a frame waits that this worker may take. */
  boolean hasQueuedFor(Worker taker) {
    if (!injection.isEmpty()) {
      return true;
    }
    long now = System.nanoTime();
    for (Worker worker : workers) {
      if ((worker == taker || worker.backlog.isOffered(now)) && !worker.queue.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * How long a worker that has announced its sleep, and has looked for work since, may sleep. With
   * a virtual clock: until somebody wakes it; but the last one to go to sleep moves the clock to
   * the next timer instead. A blocking call that is still under way has it wait for {@link
   * #wakeForVirtualTime}.
   */
  long nanosToSleep(long alarm) {
    if (!clock.isVirtual()) {
      return timers.nanosUntil(alarm, System.nanoTime());
    }
    long next = timers.nextNanos();
    if (next == Long.MAX_VALUE
        || idle.sleeping() < workers.length
        || scheduler.isAnythingBlocking()) {
      return Long.MAX_VALUE;
    }
    clock.skipTo(next);
    return 0;
  }

  /** The time for timers, given the time. */
  long timerTime(long now) {
    return clock.isVirtual() ? clock.nanoTime() : now;
  }

  // ---- what the monitor asks, and a worker that looks for an I/O loop

  @Override
  public int sleeping() {
    return idle.sleeping();
  }

  @Override
  public boolean isStuck(int worker) {
    return workers[worker].life.isStuck();
  }

  @Override
  public boolean isAnyLoopLate(long now) {
    return seats.isAnyLate(now);
  }

  @Override
  public boolean seeToStandingLoops(long now) {
    return seats.seeToStanding(now);
  }

  @Override
  public boolean isTimerDue(long now) {
    return timers.isDue(timerTime(now));
  }

  // ---- what is queued when the executor has been halted

  private boolean rejectNext() {
    Frame<?> frame = injection.poll();
    if (frame == null) {
      return false; // or another thread is taking it
    }
    frame.reject(scheduler.refusal());
    return true;
  }

  /** Also called by a worker that ends. */
  void rejectQueued() {
    if (!injection.isEmpty()) {
      reaper.summon();
    }
  }

  /** Rejects what thieves can reach of the queue of a worker that does not end. */
  void rejectStolen() {
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

  /** Waits until all that was queued is rejected, at the most until a time of the system's. */
  void awaitRejected(long deadline) throws InterruptedException {
    reaper.awaitIdle(deadline);
  }
}
