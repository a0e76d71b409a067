package dev.weft.node;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Carrier;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.LocalContext;
import dev.weft.frame.Settled;
import dev.weft.frame.Whereabouts;
import dev.weft.log.LogQueue;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.thread.Reaper;
import dev.weft.scheduler.thread.RunningCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libuv's {@code uv_run} with Node around it: one thread that goes through the phases for as long
 * as something keeps it alive, and works Node's queues off after every callback.
 *
 * <h2>Life</h2>
 *
 * <ol>
 *   <li>The main script, if there is one, then iterations while the loop is alive; when it is not,
 *       {@code beforeExit}, which may make it alive again; then {@code exit}.
 *   <li>An executor's loop has no main script. It is alive until {@link #shutdown}, and then until
 *       its tasks have ended and nothing referenced is left. {@link #shutdownNow} cancels the
 *       tasks; the loop then ends with the last of them, whatever else is referenced.
 *   <li>An exception that nobody catches stops the loop at once.
 *   <li>At the end the loop is halted: what is posted from then on is rejected. A thread posts and
 *       then reads {@code halted}; the loop writes it and then empties the queue. Both volatile:
 *       one of the two finds the post.
 * </ol>
 *
 * <p>Methods are for the loop's thread unless they say otherwise. Longer than others of its kind
 * because everything that the executor offers passes through here.
 */
public final class EventLoop extends Carrier {
  /**
   * What a loop is made from.
   *
   * @param name of its thread, and what those of its worker pool begin with
   * @param daemon whether the JVM may exit while the loop is alive
   * @param driver what opens the driver; null for a loop without sockets
   * @param poolThreads size of the worker pool; 0 for what {@code UV_THREADPOOL_SIZE} says
   * @param nanoClock as {@code System.nanoTime}
   */
  public record Config(
      String name,
      boolean daemon,
      Driver.@Nullable Provider driver,
      int poolThreads,
      LongSupplier nanoClock) {}

  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** For what is done but for its last instructions. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private final AsyncExecutor executor;
  private final Config config;
  private final LoopTime time;
  private final MicrotaskQueue microtasks = new MicrotaskQueue(this);
  private final Rejections rejections = new Rejections(this);
  private final TickQueue ticks = new TickQueue(this, microtasks, rejections);
  private final TimersPhase timers = new TimersPhase(this);
  private final PendingPhase pending = new PendingPhase(this);
  private final CheckPhase check = new CheckPhase(this);
  private final IdlePhase idle = new IdlePhase(check);
  private final PollPhase poll;
  private final ClosingPhase closing = new ClosingPhase(this);
  private final ExitHooks hooks = new ExitHooks();
  private final WorkerPool pool;
  private final Driver.Provider provider;
  private final Thread thread;

  /** Inherited by the thread. */
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

  private final @Nullable Runnable main;

  private final Set<LoopTask<?>> tasks = ConcurrentHashMap.newKeySet();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch terminated = new CountDownLatch(1);
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final DetachedCalls detached = new DetachedCalls();
  private final BlockedLoop blocked;
  private final Reaper reaper;
  private volatile @Nullable Throwable failure;

  /** No more tasks are accepted from other threads. */
  private volatile boolean shutdown;

  /** The loop is to end when its tasks have. */
  private volatile boolean ending;

  private volatile boolean halted;

  // Confined to the loop's thread.
  private final Set<Worker> workers = new HashSet<>();
  private boolean stopped;
  private boolean handlingIo;
  private int references;
  private volatile int exitCode;

  /**
   * Makes the loop's thread, and does not start it.
   *
   * @param main the main script; null for an executor's loop
   */
  public EventLoop(AsyncExecutor executor, Config config, @Nullable Runnable main) {
    super(NO_BUDGET); // every await suspends, for the turns of ECMAScript
    this.executor = executor;
    this.config = config;
    this.main = main;
    blocked = new BlockedLoop(executor, config.name());
    time = new LoopTime(config.nanoClock());
    poll = new PollPhase(this, time);
    int threads =
        config.poolThreads() == 0
            ? WorkerPool.sizeFrom(System.getenv("UV_THREADPOOL_SIZE"))
            : config.poolThreads();
    pool = new WorkerPool(this, config.name(), threads);
    provider = config.driver() == null ? new NoSockets() : config.driver();
    thread = provider.newThread(this::live, config.name(), this);
    thread.setDaemon(config.daemon());
    reaper = new Reaper(config.name(), executor, this::rejectNext);
  }

  // ---- for everybody, from any thread

  /**
   * Starts the thread and waits until the driver is open.
   *
   * @throws IllegalStateException if it could not be opened
   */
  public void start() {
    thread.start();
    awaitUninterruptibly(opened);
    Throwable error = failure;
    if (error != null) {
      throw new IllegalStateException(
          "The driver "
              + provider.name()
              + " of "
              + config.name()
              + " could not be opened: "
              + error,
          error);
    }
  }

  static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes milliseconds; and half an executor is no use to anyone
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public AsyncExecutor executor() {
    return executor;
  }

  /** What it was made from. */
  public Config config() {
    return config;
  }

  /**
   * The loop whose thread this is.
   *
   * @throws IllegalStateException on any other thread
   */
  static EventLoop current(String caller) {
    if (Carrier.current() instanceof EventLoop loop) {
      return loop;
    }
    throw new IllegalStateException(
        caller
            + " is for the thread of a NodeExecutor, and this is "
            + Thread.currentThread().getName());
  }

  /** True on the loop's thread. */
  public boolean isOnThread() {
    return Thread.currentThread() == thread;
  }

  /**
   * @throws IllegalStateException on any thread but the loop's
   */
  void check() {
    if (!isOnThread()) {
      throw new IllegalStateException(
          "This is "
              + Thread.currentThread().getName()
              + ", and timers, immediates, ticks and microtasks are for the thread of the event loop "
              + config.name()
              + " alone. Get there with execute(..) or spawn(..).");
    }
  }

  /** Has a callback run in the poll phase; or drops it, or rejects it, if the loop has ended. */
  void post(Runnable callback) {
    poll.post(callback);
    if (halted) {
      rejectPosted();
    }
  }

  /**
   * As {@link #post}, in the context of the caller.
   *
   * @throws RejectedExecutionException if the loop accepts no more work
   */
  public void execute(Runnable command) {
    if (halted || (shutdown && !isInside())) {
      throw refusal();
    }
    Runnable bound = LocalContext.bind(command);
    poll.post(bound);
    // Who ends the loop writes halted and then empties the queue; one of us gets hold of it.
    if (halted && poll.withdraw(bound)) {
      throw refusal();
    }
  }

  /** Queues a frame: a microtask, if it is the loop itself that woke it. */
  public void schedule(Frame<?> frame) {
    if (isOnThread() && !halted) {
      time.endIdle();
      microtasks.addWoken(frame, frame.awaited());
    } else {
      post(frame);
    }
  }

  /**
   * Queues a frame that awaits what is complete already: a microtask, but an immediate for a yield,
   * which is to let everything else have its turn.
   */
  public void scheduleReady(Frame<?> frame) {
    if (halted) {
      post(frame); // to be rejected
      return;
    }
    CompletableFuture<?> awaited = frame.awaited();
    if (awaited == Await.YIELD) {
      check.add(frame);
      return;
    }
    if (awaited != null && awaited.isCompletedExceptionally()) {
      rejections.heard(awaited);
    }
    microtasks.add(frame);
  }

  /**
   * Starts a task: as a microtask, if it is the loop itself that starts it.
   *
   * @return false if no more tasks are accepted; the task was not touched
   */
  public boolean start(LoopTask<?> task) {
    if (isInside() ? halted : shutdown) {
      return false;
    }
    task.started = true;
    tasks.add(task);
    if (ending && (isOnThread() ? !isCleaningUp() : !pool.isHere())) {
      task.cancel(true); // its starter is about to be cancelled, and it came too late for that
    }
    schedule(task);
    return true;
  }

  /** True on a thread that runs work of this loop, which may go on while it drains. */
  private boolean isInside() {
    return isOnThread() || pool.isHere();
  }

  /** True on a thread that the loop's end has to wait for. */
  public boolean isOwnThread() {
    return isInside();
  }

  /** See {@link AsyncExecutor#contextClassLoader}. */
  public @Nullable ClassLoader contextClassLoader() {
    return loader;
  }

  /** See {@link AsyncExecutor#detached}. */
  public void detached(Frame<?> call) {
    detached.add(call);
    if (halted) {
      call.force();
    } else if (ending && !(isOnThread() && isCleaningUp())) {
      call.request();
    }
  }

  /** See {@link AsyncExecutor#attached}. */
  public void attached(Frame<?> call) {
    detached.remove(call);
    if (shutdown && !isOnThread()) {
      post(() -> {}); // it may be waiting for that
    }
  }

  void ended(LoopTask<?> task) {
    tasks.remove(task);
  }

  /** Makes a call on the worker pool. */
  public <T extends @Nullable Object> Task<T> callOnPool(Callable<T> call) {
    return halted || (shutdown && !isInside()) ? Settled.failure(refusal()) : pool.submit(call);
  }

  /**
   * See {@link AsyncExecutor#sleep}. On the loop's thread it is the timer that {@code setTimeout}
   * would start there, in the same list, as {@code timers/promises} does it in Node: so a sleep and
   * a timeout of the same milliseconds end in the order in which they began. Another thread's
   * request comes later than it was made, so that one counts from when it was.
   */
  public Task<@Nullable Void> sleep(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      return Settled.value(null);
    }
    if (halted) {
      return Settled.failure(refusal());
    }
    LoopSleep sleep = new LoopSleep(this);
    long nanos = saturatedNanos(duration);
    if (isOnThread()) {
      sleep.start(roundedUp(nanos));
    } else {
      long due = time.nanos() + nanos;
      post(
          new LoopSleep.Start(
              sleep, () -> sleep.start(Math.max(1, roundedUp(due) - time.millis()))));
    }
    return sleep;
  }

  /** Of which two can be added. */
  private static long saturatedNanos(Duration duration) {
    return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
  }

  /** Up, where Node rounds down: whoever asks for 1.5 ms is not to get less than Node's 1.5. */
  private static long roundedUp(long nanos) {
    return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }

  /** How the loop has spent its time so far. */
  public LoopUtilization utilization() {
    return time.utilization();
  }

  /** The time since the loop was made. */
  long nanos() {
    return time.nanos();
  }

  /** See {@code NodeExecutor}. */
  public LoopDelay monitorDelay(int resolutionMillis) {
    check();
    return new LoopDelay(this, resolutionMillis);
  }

  private RejectedExecutionException refusal() {
    return new RejectedExecutionException(refusalMessage());
  }

  /** Why work is refused. */
  public String refusalMessage() {
    return "the executor " + config.name() + " is shut down";
  }

  // ---- Node's globals, on the loop's thread

  /** See {@code NodeExecutor}. */
  public void nextTick(Runnable callback) {
    check();
    ticks.add(LocalContext.bind(callback));
  }

  /** See {@code NodeExecutor}. */
  public void queueMicrotask(Runnable callback) {
    check();
    microtasks.add(LocalContext.bind(callback));
  }

  /** See {@code NodeExecutor}. */
  public Timeout setTimeout(Runnable callback, double millis, boolean repeats) {
    check();
    return timers.start(LocalContext.bind(callback), Timeout.duration(millis), repeats);
  }

  /** See {@code NodeExecutor}. */
  public Immediate setImmediate(Runnable callback) {
    check();
    return check.add(LocalContext.bind(callback));
  }

  /** What the program wants to be told of. */
  public ExitHooks hooks() {
    check();
    return hooks;
  }

  /** See {@code NodeExecutor}. */
  public void onUnhandledRejection(
      BiConsumer<? super Throwable, ? super CompletableFuture<?>> handler) {
    check();
    rejections.onUnhandled(handler);
  }

  /** See {@code NodeExecutor}. */
  public void onRejectionHandled(Consumer<? super CompletableFuture<?>> handler) {
    check();
    rejections.onHandledLate(handler);
  }

  // ---- what the phases use

  TimersPhase timers() {
    return timers;
  }

  MicrotaskQueue microtasks() {
    return microtasks;
  }

  PendingPhase pending() {
    return pending;
  }

  ClosingPhase closing() {
    return closing;
  }

  /** The workers that this loop has started. */
  Set<Worker> workers() {
    return workers;
  }

  /** The loop's time in milliseconds. */
  long now() {
    return time.millis();
  }

  /** Keeps the loop alive, or does no longer. */
  void reference(int difference) {
    references += difference;
  }

  /** Nothing more is run; what is left is dropped or rejected. */
  boolean isStopped() {
    return stopped || halted;
  }

  /** Runs one callback and works the queues off. After one that threw, they wait for the next. */
  void call(Runnable callback) {
    time.endIdle();
    try {
      callback.run();
    } catch (Throwable error) {
      uncaught(error);
      return;
    } finally {
      forgetPolled();
    }
    drain();
  }

  /** False if a tick threw. */
  boolean drain() {
    return !ticks.hasWork() || ticks.drain();
  }

  /** The handling of I/O begins or ends, as part of the poll phase. */
  void handlingIo(boolean begins) {
    handlingIo = begins;
  }

  /** {@inheritDoc} Here the queues are worked off, as after every callback. */
  @Override
  public void onIoEvent() {
    if (handlingIo && ticks.hasWork()) {
      handlingIo = false; // what runs now may cause events itself, and those are no callbacks
      drain();
      handlingIo = true;
    }
  }

  // ---- failures

  @Override
  protected void onUnheardFailure(Task<?> task, Throwable error) {
    if (isReported(task) && !halted && !(error instanceof CancellationException)) {
      rejections.failed(task, error);
    }
  }

  /**
   * Async methods and the promises of the program; not what was started by another thread, which
   * may look at it there, and not a single operation on a socket or a timer.
   */
  private static boolean isReported(Task<?> task) {
    if (task instanceof LoopTask<?> started) {
      return !started.startedOutside;
    }
    return task instanceof Frame<?>
        || task instanceof Settled<?>
        || (task instanceof WorkerPool.PoolCall<?> call && !call.startedOutside)
        || task.getClass() == Task.class;
  }

  @Override
  protected void onBlockingWait(Task<?> task) {
    blocked.waitsFor(task);
  }

  @Override
  protected void onFailureHeard(CompletableFuture<?> task) {
    rejections.heard(task);
  }

  /** An exception that has left a callback. */
  void uncaught(Throwable error) {
    if (stopped) {
      return; // a process that has exited has nobody to tell
    }
    int code = hooks.uncaught(error);
    if (code == 0) {
      check.add(() -> {}); // one more iteration, for the ticks that the callback has left
    } else {
      stop(code);
    }
  }

  private void stop(int code) {
    exitCode = code;
    hooks.exit(code);
    stopped = true;
  }

  // ---- the loop

  private void live() {
    try {
      poll.open(provider.open());
    } catch (Throwable error) {
      failure = error;
      halted = true;
      opened.countDown();
      rejectPosted();
      terminated.countDown();
      return;
    }
    opened.countDown();
    try {
      runMain();
      do {
        spin();
        if (!stopped && !ending) {
          call(hooks::beforeExit);
        }
      } while (isAlive());
      if (!stopped) {
        stop(0);
      }
    } catch (Throwable bug) {
      logEnd("The event loop {} has failed", bug);
      if (!stopped) {
        stop(1);
      }
    } finally {
      end();
    }
  }

  /** By the log thread: the loop has to come to its end, whatever becomes of the log. */
  private void logEnd(String format, Throwable bug) {
    LogQueue.shared().offer(() -> log.error(format, config.name(), bug));
  }

  private void runMain() {
    if (main == null) {
      return;
    }
    try {
      main.run();
    } catch (Throwable error) {
      uncaught(error);
      if (stopped) {
        return;
      }
    } finally {
      LocalContext.set(null);
    }
    ticks.drainTicksFirst();
  }

  private void spin() {
    boolean alive = isAlive();
    if (alive) { // timers that keep nothing alive are not even looked at
      timers.run();
    }
    while (alive) {
      pending.run();
      idle.run();
      poll.run(pollNanos());
      check.run();
      closing.run();
      timers.run();
      alive = isAlive();
    }
  }

  /** libuv's {@code uv__loop_alive}. */
  private boolean isAlive() {
    if (stopped || halted) { // halted by close, whose patience is over
      return false;
    }
    boolean working = !tasks.isEmpty() || detached.size() > 0;
    if (ending) {
      return working || pool.isAlive() || ticks.hasWork() || poll.hasPosted() || !pending.isEmpty();
    }
    boolean serving = main == null && (!shutdown || working);
    return serving
        || references > 0
        || timers.isAlive()
        || check.isAlive()
        || poll.hasWork()
        || pool.isAlive()
        || !pending.isEmpty()
        || !closing.isEmpty();
  }

  /** libuv's {@code uv_backend_timeout}. */
  private long pollNanos() {
    if (stopped || !isAlive() || idle.isActive() || !pending.isEmpty() || !closing.isEmpty()) {
      return 0;
    }
    long next = timers.nextExpiry();
    return next == TimersPhase.NEVER
        ? Long.MAX_VALUE
        : Math.max(0, next * NANOS_PER_MILLI - time.nanos());
  }

  // ---- the end

  /** Accepts no more tasks from outside; those that are there go on. From any thread. */
  public void shutdown() {
    shutdown = true;
    post(() -> {}); // it may be waiting
  }

  /** As {@link #shutdown}, and cancels the tasks. From any thread. */
  public void shutdownNow() {
    shutdown = true;
    ending = true;
    post(this::cancelAll);
  }

  /** Once: what is there the second time was started to clean up. */
  private void cancelAll() {
    if (!cancelled.compareAndSet(false, true)) {
      return;
    }
    // Before any task is told: what it starts after that is its clean-up.
    List<WorkerPool.PoolCall<?>> calls = pool.snapshot();
    for (LoopTask<?> task : tasks) {
      task.cancel(true);
    }
    detached.snapshot().forEach(Frame::request);
    calls.forEach(WorkerPool.PoolCall::end);
  }

  /**
   * Ends the loop as {@code Scheduler} ends an executor, which see. From any other thread.
   *
   * @param drain for how long to let tasks end by themselves
   * @param bound for how long to wait after they were cancelled; no longer if the calling thread is
   *     interrupted, which it stays
   */
  public CloseReport close(Duration drain, Duration bound) {
    long start = System.nanoTime();
    boolean ended = false;
    boolean interrupted = false;
    try {
      shutdown();
      ended = !drain.isZero() && await(drain);
      if (!ended) {
        shutdownNow();
        ended = await(bound);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    List<CloseReport.Unended> unended = List.of();
    if (!ended) {
      unended = unended();
      haltUnended();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    try {
      if (!interrupted) {
        awaitLastSteps();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new CloseReport(config.name(), took, unended, ended);
  }

  private boolean await(Duration time) throws InterruptedException {
    return terminated.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
  }

  private void haltUnended() {
    halted = true;
    tasks.forEach(Frame::force);
    detached.snapshot().forEach(Frame::force);
    pool.snapshot().forEach(call -> call.cancel(true));
    rejectPosted();
    poll.post(() -> {}); // it may be waiting
  }

  private void awaitLastSteps() throws InterruptedException {
    long deadline = System.nanoTime() + LAST_STEPS.toNanos();
    reaper.awaitIdle(deadline);
    if (terminated.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      thread.join(LAST_STEPS.toMillis());
      pool.join(deadline);
    }
  }

  private List<CloseReport.Unended> unended() {
    List<CloseReport.Unended> unended = new ArrayList<>();
    for (LoopTask<?> task : tasks) {
      unended.add(new CloseReport.Unended(0, null, task.describe(), false, where(task)));
    }
    for (Frame<?> call : detached.snapshot()) {
      unended.add(
          new CloseReport.Unended(0, null, Whereabouts.describeCall(call), false, where(call)));
    }
    unended.addAll(pool.unended());
    return unended;
  }

  private @Nullable String where(Frame<?> task) {
    boolean runs = polledFrame() == Whereabouts.innermost(task);
    String running = runs ? RunningCode.of(thread) : null;
    return running != null ? running : Whereabouts.of(task);
  }

  /** What is left of a program goes no further, as in Node; what an executor leaves is rejected. */
  private void end() {
    boolean program = main != null && !shutdown;
    stopped = true;
    halted = true;
    pool.close();
    workers.forEach(Worker::abandon);
    for (Runnable left; (left = microtasks.poll()) != null; ) {
      endOf(left, program);
    }
    for (Runnable left; (left = timers.abandon()) != null; ) {
      endOf(left, program);
    }
    for (Runnable left; (left = pending.poll()) != null; ) {
      endOf(left, program);
    }
    for (Runnable left; (left = check.poll()) != null; ) {
      endOf(left, program);
    }
    try {
      if (program) {
        tasks.forEach(task -> task.drop(refusalMessage()));
      } else {
        tasks.forEach(Frame::force);
        detached.snapshot().forEach(Frame::force);
      }
    } catch (Throwable bug) {
      logEnd("What {} has left could not be ended", bug);
    }
    forgetPolled();
    try {
      poll.close();
    } catch (Throwable bug) {
      logEnd("The driver of {} could not be closed", bug);
    }
    rejectPosted();
    terminated.countDown();
  }

  private void endOf(Runnable left, boolean program) {
    if (left instanceof Frame<?> frame) {
      if (program) {
        frame.drop(refusalMessage());
      } else {
        post(frame);
      }
    } else {
      reject(left);
    }
  }

  private void rejectPosted() {
    if (poll.hasPosted()) {
      reaper.summon();
    }
  }

  private boolean rejectNext() {
    Runnable left = poll.poll();
    if (left == null) {
      return false;
    }
    reject(left);
    return true;
  }

  private void reject(Runnable callback) {
    if (callback instanceof Frame<?> frame) {
      frame.reject(refusalMessage());
    } else if (callback instanceof LoopSleep sleep) {
      sleep.cancel(false);
    } else if (callback instanceof LoopSleep.Start start) {
      start.sleep().cancel(false);
    } else if (callback instanceof WorkerPool.Outcome<?> outcome) {
      outcome.run();
    }
  }

  /** True once no more tasks are accepted from outside. From any thread. */
  public boolean isShutdown() {
    return shutdown || halted;
  }

  /** True once the thread has nothing more to do. From any thread. */
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  /** Waits for that. From any other thread. */
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  /** Waits for the end without a limit. */
  public int awaitExit() throws InterruptedException {
    terminated.await();
    return exitCode;
  }

  @Override
  public String toString() {
    return config.name() + "[" + tasks.size() + " tasks]";
  }
}
