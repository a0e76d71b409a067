package dev.weft.node.loop;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.SlowPoll;
import dev.weft.Task;
import dev.weft.dump.live.LiveExecutors;
import dev.weft.frame.Await;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.jfr.FlightSwitch;
import dev.weft.node.LoopUtilization;
import dev.weft.node.host.HostLoop;
import dev.weft.node.phase.NoSockets;
import dev.weft.node.phase.Phases;
import dev.weft.node.pool.PoolCall;
import dev.weft.node.pool.WorkerPool;
import dev.weft.node.timer.LoopTime;
import dev.weft.node.timer.Sleeps;
import dev.weft.node.turn.LoopState;
import dev.weft.node.turn.Turn;
import dev.weft.scheduler.Engine;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.watch.LoopMonitor;
import dev.weft.scheduler.watch.SlowPolls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Node's event loop: one thread that goes through libuv's phases for as long as something keeps it
 * alive, and works Node's queues off after every callback.
 *
 * <p>This is the loop as its thread, its tasks, its executor and its workers know it. How it lives
 * is told in {@link LoopLife}, the order of the phases in {@link Phases#run}, what is around a
 * callback in {@link Turn}, and what programs use in {@link Globals}.
 *
 * <p>Methods are for the loop's thread unless they say otherwise.
 */
public final class EventLoop extends Carrier implements HostLoop, WorkerPool.Owner, Engine {
  /** Starts further loops of the same kind, for workers. */
  public interface Starter {
    /**
     * Starts one whose thread is a daemon.
     *
     * @param main its main script
     */
    AsyncExecutor start(String name, Runnable main);
  }

  private final AsyncExecutor executor;
  private final Starter starter;
  private final String name;
  private final LoopState state = new LoopState();
  private final SlowPolls slowPolls;
  private final LoopMonitor monitor;
  private final LoopTime time;
  private final Turn turn = new Turn(this, state, this::iterateOnceMore);
  private final Phases phases;
  private final WorkerPool pool;
  private final Arrivals arrivals;
  private final UnendedWork work;
  private final Leftovers leftovers;
  private final LoopLife life;
  private final LoopClose close;
  private final Sleeps sleeps;
  private final Globals globals;
  private final BlockedLoop blocked;
  private final Thread thread;

  /** Inherited by the thread. */
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

  /**
   * Makes the loop's thread, and does not start it.
   *
   * @param main the main script; null for an executor's loop
   */
  public EventLoop(
      AsyncExecutor executor, LoopConfig config, Starter starter, @Nullable Runnable main) {
    super(NO_BUDGET); // every await suspends, for the turns of ECMAScript
    this.executor = executor;
    this.starter = starter;
    name = config.name();
    slowPolls = config.slowPolls();
    monitor = new LoopMonitor(name, this::progress, this::isIdle, slowPolls);
    time = new LoopTime(config.nanoClock(), monitor::wakeIfAsleep);
    phases = new Phases(this, turn, time);
    pool =
        new WorkerPool(
            this,
            name,
            config.poolThreads() == 0
                ? WorkerPool.sizeFrom(System.getenv("UV_THREADPOOL_SIZE"))
                : config.poolThreads());
    arrivals = new Arrivals(executor, name, state, phases.poll());
    work = new UnendedWork(this, state, pool, arrivals);
    sleeps = new Sleeps(this, phases.timers(), time);
    globals = new Globals(this, turn, phases, time);
    blocked = new BlockedLoop(executor, name);
    LoopParts parts = new LoopParts(state, turn, phases, pool, arrivals, work);
    leftovers = new Leftovers(parts);
    Driver.Provider provider = config.driver() == null ? new NoSockets() : config.driver();
    life = new LoopLife(name, provider, main, parts, leftovers, monitor);
    thread = provider.newThread(life::live, name, this);
    thread.setDaemon(config.daemon());
    close = new LoopClose(this, thread, life, parts);
  }

  // ---- the thread

  /**
   * Starts the thread and waits until the driver is open. From any other thread.
   *
   * @throws IllegalStateException if it could not be opened
   */
  public void start() {
    LiveExecutors.add(work);
    FlightSwitch.executorStarts(); // before the main script, which may spawn
    thread.start();
    life.awaitOpened();
  }

  @Override
  public AsyncExecutor executor() {
    return executor;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isOnThread() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void check() {
    if (!isOnThread()) {
      throw new IllegalStateException(
          "This is "
              + Thread.currentThread().getName()
              + ", and timers, immediates, ticks and microtasks are for the thread of the event loop "
              + name
              + " alone. Get there with execute(..) or spawn(..).");
    }
  }

  @Override
  public boolean isOwnThread() {
    return isOnThread() || pool.isHere();
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return loader;
  }

  /** What is around a callback. */
  public Turn turn() {
    return turn;
  }

  /** What callbacks wait in. */
  public Phases phases() {
    return phases;
  }

  // ---- what the executor asks, from any thread

  /** What Node offers to a program; on the loop's thread. */
  public Globals globals() {
    return globals;
  }

  /** How the loop has spent its time so far. */
  public LoopUtilization utilization() {
    return time.utilization();
  }

  /** Callbacks that have kept the loop for long, the last ones. */
  public List<SlowPoll> slowPolls() {
    return slowPolls.recent();
  }

  boolean samplesPolls() {
    return slowPolls.isOn();
  }

  Thread thread() {
    return thread;
  }

  private long progress() {
    return turn.progress();
  }

  private boolean isIdle() {
    return time.isIdle();
  }

  @Override
  public void post(Runnable callback) {
    arrivals.post(callback);
  }

  /**
   * As {@link #post}, in the context of the caller.
   *
   * @throws RejectedExecutionException if the loop accepts no more work
   */
  public void execute(Runnable command) {
    if (refusesWork()) {
      throw arrivals.refusal();
    }
    arrivals.execute(command);
  }

  private boolean refusesWork() {
    return state.isHalted() || (state.isShutdown() && !isOwnThread());
  }

  /** Queues a frame: a microtask, if it is the loop itself that woke it. */
  public void schedule(Frame<?> frame) {
    if (isOnThread() && !state.isHalted()) {
      time.endIdle();
      turn.microtasks().addWoken(frame, frame.awaited());
    } else {
      post(frame);
    }
  }

  /**
   * Queues a frame that awaits what is complete already: a microtask, but an immediate for a yield,
   * which is to let everything else have its turn. On the loop's thread.
   */
  public void scheduleYielded(Frame<?> frame) {
    if (state.isHalted()) {
      post(frame); // to be rejected
      return;
    }
    CompletableFuture<?> awaited = frame.awaited();
    if (awaited == Await.YIELD) {
      phases.check().add(frame);
      return;
    }
    if (awaited != null && awaited.isCompletedExceptionally()) {
      turn.rejections().heard(awaited);
    }
    turn.microtasks().add(frame);
  }

  /**
   * Starts a task: as a microtask, if it is the loop itself that starts it.
   *
   * @return false if no more tasks are accepted; the task was not touched
   */
  public boolean start(LoopTask<?> task) {
    if (!work.enter(task)) {
      return false;
    }
    schedule(task);
    return true;
  }

  void ended(LoopTask<?> task) {
    work.ended(task);
  }

  @Override
  public void detached(Frame<?> call) {
    work.detached(call);
  }

  @Override
  public void attached(Frame<?> call) {
    work.attached(call);
  }

  /** Makes a call on the worker pool. */
  public <T extends @Nullable Object> Task<T> callOnPool(Callable<T> call) {
    return refusesWork() ? Settled.failure(arrivals.refusal()) : pool.submit(call);
  }

  /** See {@link AsyncExecutor#sleep} and {@link Sleeps}. */
  public Task<@Nullable Void> sleep(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      return Settled.value(null);
    }
    return state.isHalted() ? Settled.failure(arrivals.refusal()) : sleeps.begin(duration);
  }

  /** Why work is refused. */
  public String refusalMessage() {
    return arrivals.refusalMessage();
  }

  // ---- what workers ask

  @Override
  public void reference(int difference) {
    phases.reference(difference);
  }

  @Override
  public void uncaught(Throwable error) {
    turn.uncaught(error);
  }

  private void iterateOnceMore() {
    phases.check().add(() -> {});
  }

  @Override
  public void onClosing(Runnable callback) {
    phases.closing().add(callback);
  }

  @Override
  public void onFatal(Consumer<? super Throwable> listener) {
    turn.hooks().onFatal(listener);
  }

  @Override
  public void onExited(IntConsumer listener) {
    turn.hooks().onExited(listener);
  }

  @Override
  public AsyncExecutor startAnother(String name, Runnable main) {
    AsyncExecutor another = starter.start(name, main);
    leftovers.add(another);
    return another;
  }

  @Override
  public void forget(AsyncExecutor another) {
    leftovers.remove(another);
  }

  // ---- what frames and drivers tell their carrier

  /** {@inheritDoc} Here the queues are worked off, as after every callback. */
  @Override
  public void onIoEvent() {
    turn.onIoEvent();
  }

  @Override
  protected void onUnheardFailure(Task<?> task, Throwable error) {
    if (isReported(task) && !state.isHalted() && !(error instanceof CancellationException)) {
      turn.rejections().failed(task, error);
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
        || (task instanceof PoolCall<?> call && !call.isStartedOutside())
        || task.getClass() == Task.class;
  }

  @Override
  protected void onFailureHeard(CompletableFuture<?> task) {
    turn.rejections().heard(task);
  }

  @Override
  protected void onBlockingWait(Task<?> task) {
    blocked.waitsFor(task);
  }

  // ---- the end, from any thread

  /** Accepts no more tasks from outside; those that are there go on. */
  public void shutdown() {
    life.shutdown();
  }

  /** As {@link #shutdown}, and cancels the tasks. */
  public void shutdownNow() {
    life.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return life.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return life.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return life.awaitTermination(timeout, unit);
  }

  /** Waits for the end without a limit, and returns the exit code. From any other thread. */
  public int awaitExit() throws InterruptedException {
    return life.awaitExit();
  }

  @Override
  public CloseReport close(Duration drain, Duration bound) {
    return close.close(drain, bound);
  }

  @Override
  public List<CloseReport.Unended> unended() {
    return close.unended();
  }

  @Override
  public String toString() {
    return name + "[" + work.taskCount() + " tasks]";
  }
}
