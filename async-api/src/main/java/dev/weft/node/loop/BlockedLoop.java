package dev.weft.node.loop;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.log.LogQueue;
import dev.weft.node.pool.PoolCall;
import dev.weft.node.timer.SleepTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a loop is about to block for what nobody but the loop itself can bring: it waits for
 * ever then, and without a word. Said before it waits, as there is no other thread to look at it.
 * Confined to the loop's thread.
 */
final class BlockedLoop {
  private static final Logger log = LoggerFactory.getLogger(BlockedLoop.class);

  /** At most one report in this time, for a program that waits with a limit and does so often. */
  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AsyncExecutor executor;
  private final String name;
  private boolean reported;
  private long lastReport;
  private long leftOut;

  BlockedLoop(AsyncExecutor executor, String name) {
    this.executor = executor;
    this.name = name;
  }

  /** The loop's thread is about to wait for a task in {@code join} or {@code get}. */
  void waitsFor(Task<?> task) {
    boolean own = task instanceof Frame<?> call && call.belongsTo(executor);
    // Only the loop itself makes the other two, and waits for them.
    if (!own && !(task instanceof SleepTask) && !(task instanceof PoolCall<?>)) {
      return;
    }
    long now = System.nanoTime();
    if (reported && now - lastReport < REPORT_NANOS) {
      leftOut++;
      return;
    }
    reported = true;
    lastReport = now;
    String report =
        "The loop "
            + name
            + " blocks in join() or get(), for what only the loop itself can bring: "
            + task
            + ". Until that returns nothing else runs here: no task, no timer, no socket. Use"
            + " await(..), or spawnBlocking(..) for the call that blocks."
            + (leftOut == 0
                ? ""
                : " (It was so " + leftOut + " more times since the last report.)");
    Throwable place = new Throwable("where it blocks");
    LogQueue.shared().offer(() -> log.warn(report, place));
    leftOut = 0;
  }
}
