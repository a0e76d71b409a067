package dev.weft.scheduler;

import dev.weft.AsyncExecutor;
import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import dev.weft.log.LimitedLog;
import dev.weft.scheduler.io.LoopRunner;
import dev.weft.scheduler.metrics.DurationCounts;
import dev.weft.scheduler.metrics.LatencyProbe;
import dev.weft.scheduler.metrics.LatencyRecorder;
import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.thread.Hooks;
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
 * the I/O is handled, and if the backlog is worth it, one is. See {@link Backlog}.
 *
 * <p>All state is confined to the worker's thread, except the queue. Steps 2 to 5 are in {@link
 * FrameOrder}, step 7 in {@link Thief}, the I/O is in {@code WorkerDriver}; here is the loop, and
 * who sleeps and wakes.
 */
final class Worker extends LoopRunner implements LatencyRecorder {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(Worker.class));

  /** Polls between two looks at I/O and timers. Tokio's {@code event_interval}. */
  private static final int EVENT_INTERVAL = 61;

  final LocalQueue queue;
  final WorkerCounters counters = new WorkerCounters();
  final SignsOfLife life;
  final Backlog backlog;

  private final Scheduler scheduler;
  private final Crew crew;
  private final IdleSet idle;
  private final Hooks hooks;
  private final Pace pace = new Pace(counters);
  private final FrameOrder frames;
  private final Thief thief;
  private final Nap nap;

  /** How long polls take, and frames wait; null unless somebody measures. */
  final @Nullable DurationCounts pollTimes;

  final @Nullable DurationCounts latencies;
  private @Nullable LatencyProbe probe;

  /** True where the order of the frames is drawn by lot. */
  private final boolean deterministic;

  /** The thread that runs this worker now. */
  private Thread thread;

  /** How often the worker has changed to another thread, because its task blocked the last one. */
  private int handovers;

  private int pollsUntilEvents = EVENT_INTERVAL;
  private boolean searching;

  /** While I/O or timers are handled: what is scheduled now is not a consequence of a task's. */
  private boolean collecting;

  /** True when the loop has ended, and what is still scheduled here must go elsewhere. */
  private boolean ended;

  Worker(Scheduler scheduler, Crew crew, int index, SchedulerConfig config) {
    super(crew, crew.seats, index);
    this.scheduler = scheduler;
    this.crew = crew;
    this.idle = crew.idle;
    this.hooks = config.hooks();
    this.queue = new LocalQueue(config.localQueueCapacity());
    this.pollTimes = config.measuring().pollTimes() ? new DurationCounts() : null;
    this.latencies = config.measuring().latencies() ? new DurationCounts() : null;
    this.deterministic = crew.lottery != null;
    this.thread = scheduler.threads.make(this, this::begin);
    this.life = new SignsOfLife(counters, queue, thread);
    this.backlog = new Backlog(queue, pace, life);
    this.frames = new FrameOrder(this, crew, pace);
    this.thief = new Thief(crew, this, config.workers());
    this.nap = new Nap(crew, index, life);
    this.driver.moveTo(thread);
  }

  @Override
  public AsyncExecutor executor() {
    return scheduler.executor();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** On the first thread, once. */
  private void begin() {
    collecting = true; // nothing may block in place here
    scheduler.openDriver(this);
    greet();
    scheduler.threads.live(this);
  }

  /** On each thread that is new to this worker. */
  void greet() {
    call(hooks.threadStart());
  }

  /** What a hook schedules is no consequence of a task's, and nothing may block in place in it. */
  private void call(@Nullable Runnable hook) {
    collecting = true;
    Hooks.call(hook);
    collecting = false;
  }

  // ---- called on this worker's thread by what it runs

  /** Queues a frame. */
  void schedule(Frame<?> frame) {
    if (ended) {
      crew.inject(frame);
    } else if (collecting) {
      queue.push(frame);
    } else {
      Frame<?> displaced = queue.pushLifo(frame);
      if (displaced != null) {
        queue.push(displaced);
        backlog.offer();
        crew.wakeOne();
      }
    }
    if (latencies != null && !ended && (probe == null || probe.isDone())) {
      probe = new LatencyProbe();
      queue.push(probe);
    }
  }

  @Override
  public void recordLatency(long nanos) {
    if (latencies != null) {
      latencies.add(nanos);
    }
  }

  @Override
  protected void discount(long nanos) {
    pace.discount(nanos);
  }

  @Override
  protected void countSending(long nanos) {
    pace.countSending(nanos);
  }

  @Override
  protected void countTakeover() {
    counters.increment(WorkerCounters.TAKEOVERS);
  }

  /** Queues a frame behind all others. */
  void defer(Frame<?> frame) {
    if (ended) {
      crew.inject(frame);
    } else {
      frames.defer(frame);
    }
  }

  // ---- the loop

  /**
   * Runs the worker on the calling thread, until its end or until a task blocks the thread and
   * another takes the worker over.
   *
   * @return true if it has ended, false if another thread has it
   */
  boolean run() {
    thread = Thread.currentThread();
    life.moveTo(thread);
    driver.moveTo(thread);
    int term = handovers;
    pace.begin(System.nanoTime());
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
    if (collecting || ended || isInside() || deterministic || driver.isBoundToThread()) {
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
    pace.update(System.nanoTime());
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
      Frame<?> frame = frames.next();
      if (frame != null) {
        poll(frame);
      } else if (frames.hasDeferred()) {
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

  private void poll(Frame<?> frame) {
    if (searching) {
      searching = false;
      if (idle.stopSearching()) {
        crew.wakeOne(); // there may be more; and somebody is to watch this one's slot and timers
      }
    }
    resetBudget();
    pace.countPoll();
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
    if (deterministic) {
      return false; // what has come in since the last draw is to take part in the next
    }
    if (!searching) {
      if (!idle.startSearching()) {
        return false;
      }
      searching = true;
    }
    Frame<?> frame = thief.steal();
    if (frame == null) {
      frame = frames.takeInjected();
    }
    if (frame != null) {
      poll(frame);
    }
    return frame != null;
  }

  private void sleep() {
    forgetPolled();
    queue.clearStale();
    call(hooks.park()); // before the announcement: it may give this worker work
    long now = System.nanoTime();
    pace.update(now);
    driver.makeBed(now);
    nap.announce(searching);
    searching = false;
    try {
      // All after the announcement; see IdleSet and Timers.
      nap.setAlarm();
      if (!crew.hasWorkFor(this)) {
        park();
      }
    } finally {
      searching |= nap.end();
    }
    call(hooks.unpark());
    if (driver.hasLoop()) {
      handleDue(System.nanoTime()); // it has slept in it, and handled its I/O
    } else {
      handleEvents(); // it may have been woken to take a loop over
    }
  }

  /** Who needs a worker must not find this one asleep, or wait for it to search. */
  @Override
  protected void beginsToHandle() {
    if (nap.end() && idle.stopSearching() && crew.hasQueuedFor(this)) {
      crew.wakeOne();
    }
  }

  private void park() {
    long nanos = thief.nanosToSleep(nap.nanos());
    if (nanos > 0) {
      counters.increment(WorkerCounters.PARKS);
      Thread.interrupted(); // a task may have left it set, and then no park would block
      backlog.beforeBatch();
      collecting = true;
      try {
        driver.park(nanos);
      } finally {
        pace.wakes(System.nanoTime());
        collecting = false;
      }
    }
  }

  // ---- events

  /** One look at I/O and timers. */
  private void handleEvents() {
    pollsUntilEvents = EVENT_INTERVAL - 1;
    life.countRound();
    long now = System.nanoTime();
    pace.update(now);
    forgetPolled();
    backlog.beforeBatch();
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
      long time = crew.timerTime(now);
      if (crew.timers.isDue(time)) {
        crew.timers.fire(time);
      }
    } finally {
      collecting = false;
    }
    forgetPolled(); // whatever suspends in a handler or callback belongs to no frame
    pace.beginBatch(now);
    backlog.batchBegins(now);
    wakeForBacklog();
  }

  private void releaseDeferred() {
    frames.releaseDeferred();
    wakeForBacklog();
  }

  /**
   * Offers what waits here, and wakes another worker, if it would keep this one busy for a while.
   */
  private void wakeForBacklog() {
    if (backlog.offerIfWorthIt()) {
      crew.wakeOne();
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
    frames.giveAway(crew::inject);
    if (scheduler.isHalted()) {
      crew.rejectQueued();
    }
    try {
      driver.close();
    } catch (Throwable error) {
      log.error("The driver of {} could not be closed", thread.getName(), error);
    }
    Hooks.call(hooks.threadStop());
    scheduler.signOff(this);
  }
}
