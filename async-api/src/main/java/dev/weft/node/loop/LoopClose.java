package dev.weft.node.loop;

import dev.weft.CloseReport;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.node.pool.WorkerPool;
import dev.weft.node.turn.LoopState;
import dev.weft.scheduler.thread.RunningCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a thread ends a loop that is not its own: it lets the tasks end by themselves, cancels them,
 * waits, and halts what has not ended by then, of which it has a report.
 */
final class LoopClose {
  /** For what is done but for its last instructions. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Thread thread;
  private final LoopLife life;
  private final LoopState state;
  private final UnendedWork work;
  private final Arrivals arrivals;
  private final WorkerPool pool;

  /**
   * @param thread the loop's
   */
  LoopClose(EventLoop loop, Thread thread, LoopLife life, LoopParts parts) {
    this.loop = loop;
    this.thread = thread;
    this.life = life;
    this.state = parts.state();
    this.work = parts.work();
    this.arrivals = parts.arrivals();
    this.pool = parts.pool();
  }

  /** See {@link EventLoop#close}. */
  CloseReport close(Duration drain, Duration bound) {
    long start = System.nanoTime();
    boolean ended = false;
    boolean interrupted = false;
    try {
      life.shutdown();
      ended = !drain.isZero() && await(drain);
      if (!ended) {
        life.shutdownNow();
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
    return new CloseReport(loop.name(), took, unended, ended);
  }

  /** See {@link EventLoop#unended}. */
  List<CloseReport.Unended> unended() {
    return work.report(this::where);
  }

  private boolean await(Duration time) throws InterruptedException {
    return life.awaitTermination(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
  }

  private void haltUnended() {
    state.halt();
    work.forceAll();
    arrivals.rejectPosted();
    arrivals.wakeHalted();
  }

  private void awaitLastSteps() throws InterruptedException {
    long deadline = System.nanoTime() + LAST_STEPS.toNanos();
    arrivals.awaitRejected(deadline);
    if (life.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      thread.join(LAST_STEPS.toMillis());
      pool.join(deadline);
    }
  }

  private @Nullable String where(Frame<?> task) {
    boolean runs = loop.polledFrame() == Whereabouts.innermost(task);
    String running = runs ? RunningCode.of(thread) : null;
    return running != null ? running : Whereabouts.of(task);
  }
}
