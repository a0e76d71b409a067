package dev.weft.node.loop;

import dev.weft.frame.LocalContext;
import dev.weft.jfr.FlightSwitch;
import dev.weft.log.LogQueue;
import dev.weft.node.host.Uninterrupted;
import dev.weft.node.phase.Phases;
import dev.weft.node.pool.WorkerPool;
import dev.weft.node.turn.LoopState;
import dev.weft.node.turn.Turn;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.watch.LoopMonitor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a loop's thread, from the opening of the driver to the exit.
 *
 * <ol>
 *   <li>The main script, if there is one, then iterations while the loop is alive; when it is not,
 *       {@code beforeExit}, which may make it alive again; then {@code exit}.
 *   <li>An executor's loop has no main script. It is alive until {@link #shutdown}, and then until
 *       its tasks have ended and nothing referenced is left. {@link #shutdownNow} cancels the
 *       tasks; the loop then ends with the last of them, whatever else is referenced.
 *   <li>An exception that nobody catches stops the loop at once.
 *   <li>At the end the loop is halted, and what is left is ended; {@link LoopState} has the steps.
 * </ol>
 */
final class LoopLife {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  private final String name;
  private final Driver.Provider provider;
  private final @Nullable Runnable main;
  private final LoopState state;
  private final Turn turn;
  private final Phases phases;
  private final WorkerPool pool;
  private final Arrivals arrivals;
  private final UnendedWork work;
  private final Leftovers leftovers;
  private final LoopMonitor monitor;
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  /**
   * @param main the main script; null for an executor's loop
   */
  LoopLife(
      String name,
      Driver.Provider provider,
      @Nullable Runnable main,
      LoopParts parts,
      Leftovers leftovers,
      LoopMonitor monitor) {
    this.name = name;
    this.provider = provider;
    this.main = main;
    this.state = parts.state();
    this.turn = parts.turn();
    this.phases = parts.phases();
    this.pool = parts.pool();
    this.arrivals = parts.arrivals();
    this.work = parts.work();
    this.leftovers = leftovers;
    this.monitor = monitor;
  }

  /**
   * Waits until the driver is open, once the thread was started.
   *
   * @throws IllegalStateException if it could not be opened
   */
  void awaitOpened() {
    Uninterrupted.await(opened);
    Throwable error = failure;
    if (error != null) {
      throw new IllegalStateException(
          "The driver " + provider.name() + " of " + name + " could not be opened: " + error,
          error);
    }
  }

  // ---- the thread

  /** What the thread does. */
  void live() {
    try {
      phases.poll().open(provider.open());
    } catch (Throwable error) {
      failure = error;
      state.halt();
      opened.countDown();
      arrivals.rejectPosted();
      FlightSwitch.executorEnds();
      terminated.countDown();
      return;
    }
    opened.countDown();
    try {
      runMain();
      monitor.start(); // not before: nothing waits for the loop while the main script runs
      do {
        phases.run(this::isAlive);
        if (!turn.isExited() && !state.isEnding()) {
          turn.call(turn.hooks()::beforeExit);
        }
      } while (isAlive());
      if (!turn.isExited()) {
        turn.exit(0);
      }
    } catch (Throwable bug) {
      logEnd("The event loop {} has failed", bug);
      if (!turn.isExited()) {
        turn.exit(1);
      }
    } finally {
      end();
    }
  }

  /** By the log thread: the loop has to come to its end, whatever becomes of the log. */
  private void logEnd(String format, Throwable bug) {
    LogQueue.shared().offer(() -> log.error(format, name, bug));
  }

  private void runMain() {
    if (main == null) {
      return;
    }
    try {
      main.run();
    } catch (Throwable error) {
      turn.uncaught(error);
      if (turn.isExited()) {
        return;
      }
    } finally {
      LocalContext.set(null);
    }
    turn.drainTicksFirst();
  }

  /** libuv's {@code uv__loop_alive}. */
  private boolean isAlive() {
    if (turn.isStopped()) {
      return false;
    }
    boolean working = work.isRunning();
    if (state.isEnding()) {
      return working || pool.isAlive() || turn.hasWork() || phases.hasArrivals();
    }
    boolean serving = main == null && (!state.isShutdown() || working);
    return serving || phases.isAlive() || pool.isAlive();
  }

  private void end() {
    monitor.stop();
    boolean program = main != null && !state.isShutdown();
    turn.stop();
    state.halt();
    pool.close();
    leftovers.endOthers();
    leftovers.endQueued(program);
    try {
      leftovers.endStarted(program);
    } catch (Throwable bug) {
      logEnd("What {} has left could not be ended", bug);
    }
    turn.forgetPolled();
    try {
      phases.poll().close();
    } catch (Throwable bug) {
      logEnd("The driver of {} could not be closed", bug);
    }
    arrivals.rejectPosted();
    FlightSwitch.executorEnds();
    terminated.countDown();
  }

  // ---- from any thread

  /** Accepts no more tasks from outside; those that are there go on. */
  void shutdown() {
    state.shutDown();
    arrivals.wake();
  }

  /** As {@link #shutdown}, and cancels the tasks. */
  void shutdownNow() {
    state.beginEnding();
    arrivals.post(work::cancelAll);
  }

  /** True once no more tasks are accepted from outside. */
  boolean isShutdown() {
    return state.isShutdown() || state.isHalted();
  }

  /** True once the thread has nothing more to do. */
  boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  /** Waits for that. From any other thread. */
  boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  /** Waits for that without a limit. From any other thread. */
  int awaitExit() throws InterruptedException {
    terminated.await();
    return turn.exitCode();
  }
}
