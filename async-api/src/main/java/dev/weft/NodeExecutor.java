package dev.weft;

import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.node.Immediate;
import dev.weft.node.LoopDelay;
import dev.weft.node.LoopUtilization;
import dev.weft.node.Timeout;
import dev.weft.node.loop.EventLoop;
import dev.weft.node.loop.LoopConfig;
import dev.weft.node.loop.LoopTask;
import dev.weft.scheduler.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link AsyncExecutor} that runs programs as Node.js does: one thread, the phases of libuv's
 * event loop, and Node's order of ticks, microtasks, timers and immediates to the last detail.
 * Every await suspends, and costs as many turns as ECMAScript's.
 *
 * <p>Callbacks run to completion, one after the other, so they need no locks, and one that computes
 * for long stalls all the others. Such work belongs to {@link #spawnBlocking}, which is the worker
 * pool, or to a {@link dev.weft.node.Worker}.
 *
 * <p>As an executor it lives until it is closed, and its threads are daemons. As a program, with
 * {@link NodeExecutorBuilder#run} or {@link NodeExecutorBuilder#start}, it ends when nothing is
 * left to do, and keeps the JVM alive until then, as Node does its process:
 *
 * <pre>{@code
 * int exitCode = NodeExecutor.builder().run(() -> {
 *   NodeExecutor node = NodeExecutor.current();
 *   node.setTimeout(() -> System.out.println("timeout"), 1);
 *   node.nextTick(() -> System.out.println("tick"));
 * });
 * }</pre>
 *
 * <h2>Where it differs from Node</h2>
 *
 * An async method that returns another's future before its first await hands that future over
 * itself, where ECMAScript would wrap it in a promise of its own. Functions that are hung on a
 * future ({@code thenApply} and its kind) run at once where it completes, as Java has it, and not
 * as microtasks. An exception that nobody catches ends this loop, not the process.
 *
 * <p>It is Node's vocabulary, a method each; the work is in {@code dev.weft.node.loop}.
 */
public class NodeExecutor extends EngineExecutorService {
  private static final Logger log = LoggerFactory.getLogger(NodeExecutor.class);

  /** How long {@link #close()} waits. As the work-stealing executor. */
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  private final EventLoop loop;

  private NodeExecutor(LoopConfig config, @Nullable Runnable main) {
    super(log, Duration.ZERO, CLOSE_BOUND);
    loop = new EventLoop(this, config, NodeExecutor::startWorker, main);
  }

  /** A worker's: the loop that starts it keeps the JVM alive, for as long as it lives. */
  private static NodeExecutor startWorker(String name, Runnable main) {
    return builder().name(name).daemon(true).start(main);
  }

  static NodeExecutor started(LoopConfig config, @Nullable Runnable main) {
    NodeExecutor executor = new NodeExecutor(config, main);
    QuitOption.heed();
    executor.loop.start();
    return executor;
  }

  int awaitExit() throws InterruptedException {
    return loop.awaitExit();
  }

  @Override
  Engine engine() {
    return loop;
  }

  /** An executor to be configured. */
  public static NodeExecutorBuilder builder() {
    return new NodeExecutorBuilder();
  }

  /**
   * The node executor whose thread this is.
   *
   * @throws IllegalStateException if it is not the thread of one
   */
  public static NodeExecutor current() {
    if (AsyncExecutor.current() instanceof NodeExecutor node) {
      return node;
    }
    throw new IllegalStateException(
        Thread.currentThread().getName()
            + " is not the thread of a NodeExecutor: call this from a callback or a task of one.");
  }

  // ---- Node's globals: on the loop's thread, else IllegalStateException

  /** Has a callback run before everything else, once the one that runs now is over. */
  public void nextTick(Runnable callback) {
    loop.globals().nextTick(callback);
  }

  /**
   * Has a callback run when those that are queued are through, continuations of awaits included.
   */
  public void queueMicrotask(Runnable callback) {
    loop.globals().queueMicrotask(callback);
  }

  /**
   * Has a callback run in the timers phase once the time is over.
   *
   * @param millis whole milliseconds count; less than 1, more than 2^31-1 and NaN stand for 1
   */
  public Timeout setTimeout(Runnable callback, double millis) {
    return loop.globals().setTimeout(callback, millis, false);
  }

  /** As {@link #setTimeout}, again and again. */
  public Timeout setInterval(Runnable callback, double millis) {
    return loop.globals().setTimeout(callback, millis, true);
  }

  /** Has a callback run in the check phase, which follows the poll for I/O. */
  public Immediate setImmediate(Runnable callback) {
    return loop.globals().setImmediate(callback);
  }

  /** Sees to it that the timer does not fire any more. */
  public void clearTimeout(Timeout timer) {
    timer.clear();
  }

  /** Sees to it that the timer does not fire any more. */
  public void clearInterval(Timeout timer) {
    timer.clear();
  }

  /** Sees to it that the callback does not run. */
  public void clearImmediate(Immediate immediate) {
    immediate.clear();
  }

  // ---- Node's process.on(..): on the loop's thread

  /**
   * Adds a hook that is called when nothing keeps the loop alive any more. If it starts something
   * the loop goes on, and the hook is called again after that.
   */
  public void onBeforeExit(Runnable hook) {
    loop.globals().hooks().onBeforeExit(hook);
  }

  /** Adds a hook that is called last, with the exit code. What it starts does not run. */
  public void onExit(IntConsumer hook) {
    loop.globals().hooks().onExit(hook);
  }

  /**
   * Sets what gets the exceptions that leave a callback. Without it the first one is logged and
   * ends the loop with the exit code 1.
   */
  public void onUncaughtException(Consumer<? super Throwable> handler) {
    loop.globals().hooks().onUncaught(handler);
  }

  /**
   * Sets what gets the failures of tasks that nobody waits for once ticks and microtasks are
   * through. Without it they are uncaught exceptions. Tasks that were started from another thread
   * are not reported: who started them may look at them there.
   *
   * <p>To wait for a task is to await it, to hang something on it, or to compose or combine another
   * stage with it. {@code CompletableFuture.allOf} and {@code anyOf} of a task that has failed
   * already read its field, and so are not noticed, where Node's {@code Promise.all} is.
   */
  public void onUnhandledRejection(
      BiConsumer<? super Throwable, ? super CompletableFuture<?>> handler) {
    loop.globals().onUnhandledRejection(handler);
  }

  /** Sets what is told if somebody waits for such a task after all. */
  public void onRejectionHandled(Consumer<? super CompletableFuture<?>> handler) {
    loop.globals().onRejectionHandled(handler);
  }

  // ---- async tasks

  /**
   * {@inheritDoc}
   *
   * <p>The body is called as a microtask, or in the poll phase if another thread spawns it.
   */
  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    return start(null, body);
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    return start(name, body);
  }

  private <T extends @Nullable Object> Task<T> start(
      @Nullable String name, Callable<? extends CompletionStage<T>> body) {
    LoopTask<T> task = new LoopTask<>(loop, name, body.getClass(), body);
    return loop.start(task)
        ? task
        : Settled.failure(new RejectedExecutionException(loop.refusalMessage()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The call waits in line for one of the worker pool's threads: 4, as in libuv.
   */
  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    return loop.callOnPool(call);
  }

  /**
   * {@inheritDoc}
   *
   * <p>On the loop's thread it is the timer that {@link #setTimeout} would start in its place, with
   * a fraction of a millisecond rounded up, and so ends in its turn among the others: Node's {@code
   * timers/promises}. As every timer of Node it counts from the start of the current millisecond,
   * and may end by less than that early. From another thread it never ends early. {@link
   * Async#timeout} is such a timer as well.
   */
  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    return loop.sleep(duration);
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return loop.contextClassLoader();
  }

  @Override
  public void schedule(Frame<?> frame) {
    loop.schedule(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    loop.scheduleYielded(frame);
  }

  // ---- ordinary tasks

  /**
   * Runs a command in the poll phase, from whatever thread it is given. What it throws is an
   * uncaught exception.
   *
   * @throws RejectedExecutionException if this executor no longer accepts work
   */
  @Override
  public void execute(Runnable command) {
    if (command instanceof LoopTask<?> task && task.isUnstarted()) {
      if (!loop.start(task)) {
        throw new RejectedExecutionException(loop.refusalMessage());
      }
    } else {
      loop.execute(command);
    }
  }

  @Override
  <T extends @Nullable Object> RunnableFuture<T> unstarted(
      Class<?> origin, Callable<? extends CompletionStage<T>> body) {
    return new LoopTask<>(loop, null, origin, body);
  }

  // ---- measuring

  /**
   * The last 32 callbacks and polls that have kept the loop for longer than {@link
   * NodeExecutorBuilder#slowPollThreshold}, the newest last; one that goes on is among them. From
   * any thread.
   */
  public List<SlowPoll> slowPolls() {
    return loop.slowPolls();
  }

  /** What share of its time the loop was busy so far. From any thread. */
  public LoopUtilization eventLoopUtilization() {
    return loop.utilization();
  }

  /**
   * Begins to measure how late the loop is. On the loop's thread. Needs {@code
   * org.hdrhistogram:HdrHistogram} on the class path.
   *
   * @param resolutionMillis how often to look, from 1 up; Node's default is 10
   */
  public LoopDelay monitorEventLoopDelay(int resolutionMillis) {
    if (resolutionMillis < 1) {
      throw new IllegalArgumentException(
          "resolutionMillis must be 1 or more, not " + resolutionMillis);
    }
    return loop.globals().monitorDelay(resolutionMillis);
  }

  // ---- the end

  /**
   * Accepts no more tasks from outside. The loop ends when its tasks have, and nothing referenced
   * is left: timers, immediates, sockets, calls on the worker pool.
   */
  @Override
  public void shutdown() {
    loop.shutdown();
  }

  /**
   * As {@link #shutdown}, and cancels every task; the loop ends with the last of them.
   *
   * @return an empty list: the tasks are futures, and each says itself that it was cancelled
   */
  @Override
  public List<Runnable> shutdownNow() {
    loop.shutdownNow();
    return List.of();
  }

  /**
   * As {@link #shutdownNow}, then waits for 5 seconds at most, and logs what did not end by then.
   * If the calling thread is interrupted it waits no longer.
   *
   * @throws IllegalStateException on the loop's own thread, which would wait for itself
   */
  @Override
  public void close() {
    super.close();
  }
}
