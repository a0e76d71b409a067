package dev.weft.scheduler;

import dev.weft.CloseReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One call of {@code close}: how long it waits for what, and what it reports. On the thread that
 * closes the executor.
 */
final class Closing {
  /** For what is done but for its last instructions. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final long drain;
  private final long bound;

  /** For those times. */
  Closing(Scheduler scheduler, Duration drain, Duration bound) {
    this.scheduler = scheduler;
    this.drain = nanos(drain);
    this.bound = nanos(bound);
  }

  /** For ever is 292 years. */
  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  CloseReport run() {
    long start = System.nanoTime();
    boolean ended = false;
    boolean interrupted = false;
    try {
      ended = awaitEnd();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    List<CloseReport.Unended> unended = List.of();
    if (!ended) {
      unended = scheduler.work.unended();
      scheduler.haltUnended();
    }
    long most = drain + Math.min(bound, Long.MAX_VALUE - drain);
    Duration took = Duration.ofNanos(interrupted || ended ? System.nanoTime() - start : most);
    if (!interrupted) {
      interrupted = awaitLastSteps();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return new CloseReport(scheduler.config().name(), took, unended, ended);
  }

  private boolean awaitEnd() throws InterruptedException {
    if (drain != 0) {
      scheduler.shutdown();
      if (scheduler.awaitTermination(drain, TimeUnit.NANOSECONDS)) {
        return true;
      }
    }
    scheduler.shutdownNow(body -> {});
    return scheduler.awaitTermination(bound, TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for threads that are about to end, and for what the reaper still has to do; not for long.
   *
   * @return true if the calling thread was interrupted
   */
  private boolean awaitLastSteps() {
    long deadline = System.nanoTime() + LAST_STEPS.toNanos();
    try {
      scheduler.crew.awaitRejected(deadline);
      if (scheduler.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        scheduler.threads.join(deadline);
        scheduler.crew.monitor.join(deadline);
        scheduler.work.blocking.join(deadline);
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
