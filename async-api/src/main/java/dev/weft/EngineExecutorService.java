package dev.weft;

import dev.weft.frame.Frame;
import dev.weft.scheduler.Engine;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * An executor that is the face of an {@link Engine}: what both executors ask theirs alike, above
 * all the end. What is asked for every call and poll each asks its own, so that neither pays for a
 * choice.
 */
abstract class EngineExecutorService extends CarrierExecutorService {
  private final Logger log;
  private final Duration closeDrain;
  private final Duration closeBound;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What has to do with its end.
   *
   * @param log of what did not end
   * @param closeDrain for how long {@link #close()} lets tasks end by themselves
   * @param closeBound for how long it waits after it has cancelled them
   */
  EngineExecutorService(Logger log, Duration closeDrain, Duration closeBound) {
    this.log = log;
    this.closeDrain = closeDrain;
    this.closeBound = closeBound;
  }

  /** The engine; made in the constructor. */
  abstract Engine engine();

  /** Called when the engine has ended, or was given up. */
  void onClosed() {}

  // ---- frames

  @Override
  public void detached(Frame<?> call) {
    engine().detached(call);
  }

  @Override
  public void attached(Frame<?> call) {
    engine().attached(call);
  }

  // ---- the end

  @Override
  public boolean isShutdown() {
    return engine().isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return engine().isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return engine().awaitTermination(timeout, unit);
  }

  @Override
  public void close() {
    refuseOnOwnThread(); // and let it be closed from outside later
    if (closed.compareAndSet(false, true)) {
      close(closeDrain, closeBound);
    }
  }

  /**
   * As {@link #close()}, with no time to end by themselves and the bound given.
   *
   * @param bound for how long to wait; zero or less for not at all
   * @throws TimeoutException with the names of the tasks that did not end in time, and where they
   *     stood. Their threads end when they do.
   * @throws IllegalStateException on one of this executor's own threads, which would wait for
   *     itself
   */
  @Override
  public void close(Duration bound) throws TimeoutException {
    CloseReport report = end(Duration.ZERO, bound);
    if (!report.ended()) {
      throw new TimeoutException(report.toString());
    }
  }

  /**
   * As {@link #close()}, with the times given.
   *
   * @param drain for how long tasks may end by themselves; zero or less for not at all. What else
   *     keeps a node program alive is waited for as well
   * @param bound for how long to wait after they were cancelled; zero or less for not at all
   * @return what did not end; it is logged as well
   * @throws IllegalStateException on one of this executor's own threads, which would wait for
   *     itself
   */
  public CloseReport close(Duration drain, Duration bound) {
    return endAndReport(drain, bound);
  }

  /**
   * What has begun on this executor and has not ended: its tasks, with the one that asks; calls of
   * async methods that nobody awaits; blocking calls. Timers and sockets that nobody awaits are not
   * among it. For tests and reports; from any thread, without stopping anything, so what ends or
   * begins meanwhile may be in it or not. Costs some us for each of them.
   *
   * <p>Kotlin has {@code Job.children} for this, asyncio {@code all_tasks()}.
   *
   * @return each with the line where it stands, in no order
   */
  public List<CloseReport.Unended> unended() {
    return engine().unended();
  }

  final CloseReport endAndReport(Duration drain, Duration bound) {
    CloseReport report = end(drain, bound);
    if (!report.ended()) {
      report.log(log);
    }
    return report;
  }

  private CloseReport end(Duration drain, Duration bound) {
    refuseOnOwnThread();
    try {
      return engine().close(Nanos.atLeastZero(drain), Nanos.atLeastZero(bound));
    } finally {
      onClosed();
    }
  }

  private void refuseOnOwnThread() {
    if (engine().isOwnThread()) {
      throw new IllegalStateException(
          "close() called on "
              + Thread.currentThread().getName()
              + ", a thread of the executor to be closed: it would wait for itself. Call shutdown()"
              + " here, or close() from outside.");
    }
  }

  @Override
  public String toString() {
    return engine().toString();
  }
}
