package dev.weft.scheduler;

import dev.weft.CloseReport;
import dev.weft.frame.Frame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an executor is the face of: the work-stealing scheduler, or the event loop of node mode.
 * From any thread.
 */
public interface Engine {
  /** See {@link dev.weft.AsyncExecutor#contextClassLoader}. */
  @Nullable ClassLoader contextClassLoader();

  /** See {@link dev.weft.AsyncExecutor#detached}. */
  void detached(Frame<?> call);

  /** See {@link dev.weft.AsyncExecutor#attached}. */
  void attached(Frame<?> call);

  /**
   * True on a thread that runs work of this engine, which may start more while it drains, and for
   * which its end has to wait.
   */
  boolean isOwnThread();

  /** True once no more work is accepted from outside. */
  boolean isShutdown();

  /** True once its threads have nothing more to do. */
  boolean isTerminated();

  /** Waits for that; false if the time was over first. From a thread that is not its own. */
  boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

  /**
   * Ends it: accepts no more work, lets what there is go on for a while, then cancels it, and halts
   * what does not end in time. From a thread that is not its own.
   *
   * @param drain for how long to let tasks end by themselves; not negative
   * @param bound for how long to wait after they were cancelled, not negative. No longer if the
   *     calling thread is interrupted, which it stays
   */
  CloseReport close(Duration drain, Duration bound);

  /** What is under way now; see {@link dev.weft.WorkStealingExecutor#unended}. */
  List<CloseReport.Unended> unended();
}
