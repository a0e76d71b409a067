package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import dev.weft.log.LimitedLog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One of the executor's threads: it polls frames, handles I/O and timers between them, and sleeps
 * when there is nothing to do. The order in which it looks for a frame is Tokio's:
 *
 * <ol>
 *   <li>every 61 polls: I/O, timers and yielded frames;
 *   <li>every 2 to 127 polls, about every 200 us: a batch from the injection queue;
 *   <li>the LIFO slot, at most three times in a row;
 *   <li>the local queue;
 *   <li>the injection queue, likewise;
 *   <li>yielded frames, after one look at I/O and timers;
 *   <li>the other workers' queues, and what has waited too long in their LIFO slots;
 *   <li>sleep, in the driver.
 * </ol>
 *
 * <p>Frames that a poll of a frame wakes go to the LIFO slot: what they need is in the cache. The
 * frame that stood there moves to the local queue, where others may take it, and one of them is
 * woken. Frames that I/O or a timer wakes go to the local queue, and nobody is woken for each: once
 * the I/O is handled, and if the backlog is worth it, one is.
 *
 * <p>All state is confined to the worker's thread, except the queue and what is marked. The I/O is
 * in {@link WorkerDriver}. Longer than others because it is one loop, whose steps share that state.
 */
final class Worker extends Carrier {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(Worker.class));

  /** Polls between two looks at I/O and timers. Tokio's {@code event_interval}. */
  private static final int EVENT_INTERVAL = 61;

  /** Tokio's {@code MAX_LIFO_POLLS_PER_TICK}. */
  private static final int MAX_LIFO_POLLS = 3;

  /**
   * From how much work that waits after I/O another worker is woken for it. Measured: a wake-up
   * costs some 5 us on both sides; waking for every frame took 8.5 to 9.4 us CPU per message of an
   * echo server, waking from here on 7.9.
   */
  private static final long WORTH_WAKING_NANOS = 50_000;

  private static final VarHandle ROUNDS;
  private static final VarHandle STUCK_AT;
  private static final VarHandle THREAD;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ROUNDS = lookup.findVarHandle(Worker.class, "rounds", long.class);
      STUCK_AT = lookup.findVarHandle(Worker.class, "stuckAt", long.class);
      THREAD = lookup.findVarHandle(Worker.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int index;
  final LocalQueue queue;
  final WorkerCounters counters = new WorkerCounters();

  /** The I/O that this worker does. */
  final WorkerDriver driver;

  /** Where this worker is inside; written and read by its own thread, see {@link DriverSeat}. */
  @Nullable DriverSeat inside;

  private final Scheduler scheduler;
  private final IdleSet idle;
  private final FrameList deferred = new FrameList();

  /** Counts the looks at events, and the sleeps. Opaque, as the counters are. */
  private long rounds;

  /** The progress at which the monitor has found this worker stuck. Opaque as well. */
  @SuppressWarnings("unused") // through STUCK_AT
  private long stuckAt = -1;

  /** True while this worker sleeps, for the monitor. */
  private volatile boolean asleep;

  /** How long polls take, and frames wait; null unless somebody measures. */
  final @Nullable DurationCounts pollTimes;

  final @Nullable DurationCounts latencies;
  private @Nullable LatencyProbe probe;

  /** Draws the next frame where the order is to be deterministic; else null. */
  private final @Nullable Lottery lottery;

  /**
   * The thread that runs this worker now. Written by it, before anything else; released, and
   * acquired by the monitor.
   */
  private Thread thread;

  /** How often the worker has changed to another thread, because its task blocked the last one. */
  private int handovers;

  private int lifoPolls;
  private int pollsUntilEvents = EVENT_INTERVAL;
  private int pollsUntilInjected;
  private boolean searching;

  /** While I/O or timers are handled: what is scheduled now is not a consequence of a task's. */
  private boolean collecting;

  /** True when the loop has ended, and what is still scheduled here must go elsewhere. */
  private boolean ended;

  /** Since when, and how many polls ago, the average was updated. */
  private long batchStart;

  private int batchPolls;

  /** Up to when the time awake was counted. */
  private long awakeSince;

  private final PollAverage average = new PollAverage();
  private final LifoGate lifoGate;

  /** For choosing whom to steal from first: an xorshift state, never 0. */
  private int random;

  Worker(Scheduler scheduler, int index, Scheduler.Config config) {
    this.scheduler = scheduler;
    this.idle = scheduler.idle;
    this.index = index;
    this.queue = new LocalQueue(config.localQueueCapacity());
    this.pollTimes = config.measuring().pollTimes() ? new DurationCounts() : null;
    this.latencies = config.measuring().latencies() ? new DurationCounts() : null;
    this.lottery = scheduler.lottery;
    this.lifoGate = new LifoGate(config.workers());
    this.random = 0x9E3779B9 * (index + 1);
    this.thread = scheduler.threads.make(this, this::begin);
    this.driver = new WorkerDriver(this, scheduler.seats, thread);
  }

  @Override
  public AsyncExecutor executor() {
    return scheduler.executor();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  void start() {
    thread.start();
  }

  private void begin() {
    open();
    scheduler.threads.live(this);
  }

  /** Wakes the worker, or keeps it from its next sleep. From any thread. */
  void unpark() {
    driver.unpark();
  }

  // ---- called by the monitor and by other workers

  /**
   * Changes with each frame, look at events and sleep. The {@link StuckMonitor} compares two looks
   * at it; what it misses in one it finds in the next.
   */
  long progress() {
    return (long) ROUNDS.getOpaque(this) + counters.get(WorkerCounters.POLLS);
  }

  boolean isAsleep() {
    return asleep;
  }

  /** The thread that runs this worker; a moment old. */
  Thread thread() {
    return (Thread) THREAD.getAcquire(this);
  }

  /** Says that this worker has been in one poll of a frame for too long. */
  void markStuck(long sameProgress) {
    STUCK_AT.setOpaque(this, sameProgress);
  }

  /** True while this worker is in the poll for which it was marked. */
  boolean isStuck() {
    return (long) STUCK_AT.getOpaque(this) == progress();
  }

  private void countRound() {
    ROUNDS.setOpaque(this, rounds + 1);
  }

  // ---- called on this worker's thread by what it runs

  /** Queues a frame. */
  void schedule(Frame<?> frame) {
    if (ended) {
      scheduler.inject(frame);
    } else if (collecting) {
      queue.push(frame);
    } else {
      Frame<?> displaced = queue.pushLifo(frame);
      if (displaced != null) {
        queue.push(displaced);
        scheduler.wakeOne();
      }
    }
    if (latencies != null) {
      sampleLatency();
    }
  }

  private void sampleLatency() {
    if (!ended && (probe == null || probe.isDone())) {
      probe = new LatencyProbe();
      queue.push(probe);
    }
  }

  void recordLatency(long nanos) {
    if (latencies != null) {
      latencies.add(nanos);
    }
  }

  /** Takes time that the current frame has spent for others out of the average cost of a poll. */
  void discount(long nanos) {
    batchStart += nanos;
  }

  /** Queues a frame behind all others. */
  void defer(Frame<?> frame) {
    if (ended) {
      scheduler.inject(frame);
    } else {
      deferred.add(frame);
    }
  }

  // ---- the loop

  /** On the first thread, once: the loop's beginning. */
  void open() {
    collecting = true; // nothing may block in place here
    scheduler.openDriver(this);
    greet();
  }

  /** On each thread that is new to this worker. */
  void greet() {
    collecting = true;
    Hooks.call(scheduler.hooks.threadStart());
    collecting = false;
  }

  /**
   * Runs the worker on the calling thread, until its end or until a task blocks the thread and
   * another takes the worker over.
   *
   * @return true if it has ended, false if another thread has it
   */
  boolean run() {
    THREAD.setRelease(this, Thread.currentThread());
    driver.moveTo(thread);
    int term = handovers;
    batchStart = System.nanoTime();
    awakeSince = batchStart;
    try {
      boolean done = false;
      while (!done) {
        try {
          work(term);
          done = true;
        } catch (Throwable bug) {
          String name = Thread.currentThread().getName();
          log.error("Worker {} goes on after an error in its own loop", name, bug);
          done = handovers != term;
          if (!done) {
            collecting = false;
          }
        }
      }
    } finally {
      if (handovers == term) {
        end();
      }
    }
    return handovers == term;
  }

  /**
   * Leaves this worker to another thread, as the task that it is polling blocks the calling one.
   * What the task schedules from now on is injected.
   *
   * <p>It is the last that the calling thread does with the worker, except that it compares {@link
   * #handovers} when the task's poll is over. It has written that itself, and later ones only write
   * greater numbers, so it finds another number than that of its own term in any case.
   */
  @Override
  public void beforeBlocking() {
    if (collecting || ended || inside != null || lottery != null || driver.isBoundToThread()) {
      return; // in the middle of what only this thread can end
    }
    BlockedCarrier alone = new BlockedCarrier(scheduler);
    CarrierThread here = (CarrierThread) Thread.currentThread();
    try {
      here.carry(alone);
    } catch (UnsupportedOperationException alwaysThisOne) {
      return;
    }
    alone.takeTaskFrom(this);
    updateAverage(System.nanoTime());
    handovers++;
    try {
      scheduler.threads.handOver(this);
    } catch (Throwable noThread) {
      handovers--;
      here.carry(this);
      takeTaskFrom(alone);
      throw noThread;
    }
  }

  private void work(int term) {
    while (handovers == term && !scheduler.isHalted()) {
      if (--pollsUntilEvents < 0) {
        handleEvents();
        releaseDeferred();
      }
      Frame<?> frame = lottery == null ? nextFrame() : drawFrame(lottery);
      if (frame != null) {
        poll(frame);
      } else if (!deferred.isEmpty()) {
        handleEvents();
        releaseDeferred();
      } else if (!search()) {
        if (scheduler.isStopping()) {
          return;
        }
        sleep();
      }
    }
  }

  /** The next frame by lot, out of all that are ready. */
  private @Nullable Frame<?> drawFrame(Lottery lots) {
    for (Frame<?> frame; (frame = queue.popLifo()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = queue.pop()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = deferred.poll()) != null; ) {
      lots.add(frame);
    }
    for (Frame<?> frame; (frame = scheduler.injection.poll()) != null; ) {
      counters.increment(WorkerCounters.INJECTED);
      lots.add(frame);
    }
    return lots.draw();
  }

  private @Nullable Frame<?> nextFrame() {
    Frame<?> frame;
    if (--pollsUntilInjected < 0) {
      pollsUntilInjected = average.injectionInterval() - 1;
      if ((frame = takeInjected()) != null) {
        return frame;
      }
    }
    if ((frame = queue.popLifo()) != null) {
      if (lifoPolls < MAX_LIFO_POLLS) {
        lifoPolls++;
        counters.increment(WorkerCounters.LIFO_POLLS);
        return frame;
      }
      // Two frames that wake each other must not keep the queue waiting. Nobody is woken for it: it
      // is first in an empty queue, or else the queue has been announced.
      queue.push(frame);
    }
    lifoPolls = 0;
    frame = queue.pop();
    return frame != null ? frame : takeInjected();
  }

  /**
   * Takes as many injected frames as the ring has room for, and one in any case. One at a time, as
   * in Tokio, would do while polls are short; but where each takes 10 us and queues the next, so
   * that the local queue is never empty, a thousand frames took 100 us each.
   */
  private @Nullable Frame<?> takeInjected() {
    int room = Math.max(1, queue.capacity() - queue.size());
    return scheduler.injection.drainInto(queue, room, counters);
  }

  private void poll(Frame<?> frame) {
    if (searching) {
      searching = false;
      if (idle.stopSearching()) {
        scheduler.wakeOne(); // where this was there may be more
      }
    }
    resetBudget();
    batchPolls++;
    counters.increment(WorkerCounters.POLLS);
    if (thread.isInterrupted()) {
      Thread.interrupted(); // meant for a task before
    }
    if (pollTimes == null) {
      frame.run(); // and from here on it may be anyone's
    } else {
      int term = handovers;
      long start = System.nanoTime();
      frame.run();
      if (handovers == term) {
        pollTimes.add(System.nanoTime() - start);
      }
    }
  }

  /** Looks for work elsewhere and polls it. */
  private boolean search() {
    if (lottery != null) {
      return false; // what has come in since the last draw is to take part in the next
    }
    if (!searching) {
      if (!idle.startSearching()) {
        return false;
      }
      searching = true;
    }
    Frame<?> frame = steal();
    if (frame == null) {
      frame = takeInjected();
    }
    if (frame == null) {
      return false;
    }
    poll(frame);
    return true;
  }

  private @Nullable Frame<?> steal() {
    Worker[] workers = scheduler.workers();
    int start = nextRandom() % workers.length;
    for (int i = 0; i < workers.length; i++) {
      Worker victim = workers[(start + i) % workers.length];
      if (victim != this) {
        Frame<?> frame = victim.queue.stealInto(queue);
        if (frame != null) {
          countSteal(queue.size() + 1);
          return frame;
        }
      }
    }
    Frame<?> frame = lifoGate.steal(workers, this);
    if (frame != null) {
      countSteal(1);
    }
    return frame;
  }

  private void countSteal(int frames) {
    counters.increment(WorkerCounters.STEAL_OPERATIONS);
    counters.add(WorkerCounters.STEALS, frames);
  }

  private int nextRandom() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random >>> 1;
  }

  private void sleep() {
    forgetPolled();
    queue.clearStale();
    if (scheduler.hooks.park() != null) {
      collecting = true;
      Hooks.call(scheduler.hooks.park()); // before the announcement: it may give this worker work
      collecting = false;
    }
    long now = System.nanoTime();
    updateAverage(now);
    driver.makeBed(now);
    countRound();
    asleep = true;
    idle.sleep(index, searching);
    searching = false;
    long alarm = TimerWheel.NEVER;
    try {
      // All after the announcement; see IdleSet and Timers.
      alarm = scheduler.timers.arm();
      if (!scheduler.hasWorkFor(this)) {
        park(alarm);
      }
    } finally {
      scheduler.timers.disarm(alarm);
      searching = idle.rise(index);
      asleep = false;
      scheduler.monitor.wakeIfAsleep();
    }
    if (scheduler.hooks.unpark() != null) {
      collecting = true;
      Hooks.call(scheduler.hooks.unpark());
      collecting = false;
    }
    if (driver.hasLoop()) {
      handleDue(System.nanoTime()); // it has slept in it, and handled its I/O
    } else {
      handleEvents(); // it may have been woken to take a loop over
    }
  }

  private void park(long alarm) {
    long nanos = scheduler.nanosToSleep(alarm);
    if (lifoGate.wantsNap()) {
      nanos = Math.min(nanos, LifoGate.AGE_NANOS);
    } else {
      lifoGate.forget();
    }
    if (nanos > 0) {
      counters.increment(WorkerCounters.PARKS);
      Thread.interrupted(); // a task may have left it set, and then no park would block
      collecting = true;
      try {
        driver.park(nanos);
      } finally {
        awakeSince = System.nanoTime();
        collecting = false;
      }
    }
  }

  // ---- events

  /** One look at I/O and timers. */
  private void handleEvents() {
    pollsUntilEvents = EVENT_INTERVAL - 1;
    countRound();
    long now = System.nanoTime();
    updateAverage(now);
    forgetPolled();
    collecting = true;
    int handled;
    try {
      handled = driver.poll(now);
    } finally {
      collecting = false;
    }
    handleDue(handled == 0 ? now : System.nanoTime());
  }

  /** Fires timers; then sees what has come up. */
  private void handleDue(long now) {
    collecting = true;
    try {
      long time = scheduler.timerTime(now);
      if (scheduler.timers.isDue(time)) {
        scheduler.timers.fire(time);
      }
    } finally {
      collecting = false;
    }
    forgetPolled(); // whatever suspends in a handler or callback belongs to no frame
    batchStart = now;
    wakeForBacklog();
  }

  private void releaseDeferred() {
    for (int i = deferred.size(); i > 0; i--) {
      Frame<?> frame = deferred.poll();
      if (frame != null) {
        queue.push(frame);
      }
    }
    wakeForBacklog();
  }

  /** Wakes another worker if what waits here would keep this one busy for a while. */
  private void wakeForBacklog() {
    if (idle.wantsWake() && queue.size() * average.nanos() > WORTH_WAKING_NANOS) {
      scheduler.wakeOne();
    }
  }

  private void updateAverage(long now) {
    long elapsed = now - batchStart;
    counters.add(WorkerCounters.BUSY_NANOS, now - awakeSince);
    awakeSince = now;
    if (batchPolls > 0) {
      average.add(elapsed, batchPolls);
      counters.set(WorkerCounters.MEAN_POLL_NANOS, (long) average.nanos());
      batchPolls = 0;
    }
  }

  @Override
  protected void onForcedYield() {
    counters.increment(WorkerCounters.FORCED_YIELDS);
  }

  // ---- the end

  /** Gives away what is left, closes the driver, and signs off. */
  private void end() {
    ended = true;
    if (searching) {
      searching = false;
      idle.stopSearching();
    }
    Frame<?> lifo = queue.popLifo();
    if (lifo != null) {
      scheduler.inject(lifo);
    }
    for (Frame<?> frame; (frame = queue.pop()) != null; ) {
      scheduler.inject(frame);
    }
    for (Frame<?> frame; (frame = deferred.poll()) != null; ) {
      scheduler.inject(frame);
    }
    for (Frame<?> frame; lottery != null && (frame = lottery.draw()) != null; ) {
      scheduler.inject(frame);
    }
    if (scheduler.isHalted()) {
      scheduler.rejectQueued();
    }
    try {
      driver.close();
    } catch (Throwable error) {
      log.error("The driver of {} could not be closed", thread.getName(), error);
    }
    Hooks.call(scheduler.hooks.threadStop());
    scheduler.signOff(this);
  }
}
