package dev.weft.scheduler.watch;

import dev.weft.Task;
import dev.weft.frame.BlockingWaits;
import dev.weft.log.LogQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports that tasks have blocked all the workers of an executor, which is then dead until one of
 * them goes on; and if they wait for each other's tasks, none ever will. Two tasks that {@code
 * join} what a third one is to do are enough for two workers.
 *
 * <p>A worker is blocked if it has made no progress, is not asleep of its own accord, and its
 * thread was found waiting at every look in between: one that computes is found running at some of
 * them. A thread that reads from a blocking socket or file is running in the JVM's eyes, so that is
 * not seen.
 *
 * <p>Confined to the monitor's thread.
 */
final class BlockedWorkers {
  private static final Logger log = LoggerFactory.getLogger(BlockedWorkers.class);

  /** For how long all of them must be blocked. Guessed: no call that belongs here takes as long. */
  static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * And in how many looks, so that a pause of the whole process is not mistaken for it. As many as
   * there are in that time at the slowest pace.
   */
  static final int BLOCKED_LOOKS = 10;

  /** At most one report in this time, so that a client whose requests block fills no log. */
  static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A stack that is deeper is cut. */
  private static final int MAX_FRAMES = 50;

  private final WatchedCrew crew;
  private final String name;
  private final Consumer<String> say;

  /** Per worker: its progress, since when and in how many looks it was found blocked there. */
  private final long[] progress;

  private final long[] since;
  private final int[] looks;

  /** True while all have been blocked since the last report, or since one that was left out. */
  private boolean known;

  private boolean reported;
  private long lastReport;
  private long leftOut;

  /**
   * Begins with none blocked.
   *
   * @param crew whom to look at
   * @param name the executor's
   * @param workers how many there will be
   * @param say is given the reports, and must not block
   */
  BlockedWorkers(WatchedCrew crew, String name, int workers, Consumer<String> say) {
    this.crew = crew;
    this.say = say;
    this.name = name;
    progress = new long[workers];
    since = new long[workers];
    looks = new int[workers];
  }

  /** Logs a report, and does not wait for the log: the workers need their monitor. */
  static void log(String report) {
    LogQueue.shared().offer(() -> log.warn("{}", report));
  }

  /** One look. */
  void look(long now) {
    int blocked = 0;
    int ended = 0;
    int knownWorkers = 0;
    WatchedWorker[] workers = crew.watched();
    for (int i = 0; i < workers.length; i++) {
      WatchedWorker worker = workers[i];
      Thread.State state = worker.isAsleep() ? Thread.State.RUNNABLE : worker.thread().getState();
      ended += state == Thread.State.TERMINATED ? 1 : 0;
      if (isBlocked(i, worker, state, now)) {
        blocked++;
        boolean longEnough = now - since[i] >= BLOCKED_NANOS && looks[i] >= BLOCKED_LOOKS;
        knownWorkers += longEnough ? 1 : 0;
      }
    }
    if (blocked == 0 || blocked + ended < progress.length) {
      known = false;
    } else if (knownWorkers == blocked && !known) {
      known = true;
      reportOnceInAWhile(now);
    }
  }

  private boolean isBlocked(int index, WatchedWorker worker, Thread.State state, long now) {
    long seen = worker.progress();
    boolean waiting =
        state == Thread.State.WAITING
            || state == Thread.State.TIMED_WAITING
            || state == Thread.State.BLOCKED;
    if (!waiting || seen != progress[index]) {
      progress[index] = seen;
      since[index] = now;
      looks[index] = 0;
      return false;
    }
    looks[index]++;
    return true;
  }

  private void reportOnceInAWhile(long now) {
    if (reported && now - lastReport < REPORT_NANOS) {
      leftOut++;
      return;
    }
    reported = true;
    lastReport = now;
    say.accept(describe());
    leftOut = 0;
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    WatchedWorker[] workers = crew.watched();
    text.append(workers.length == 1 ? "The only worker" : "All " + workers.length + " workers")
        .append(" of the executor ")
        .append(name)
        .append(workers.length == 1 ? " has" : " have")
        .append(
            " been blocked by tasks or handlers for 1 s, and until one goes on nothing else runs here: no")
        .append(" task, no timer, no socket. If they wait for tasks of this executor, that is for")
        .append(" ever. Use await(..) in place of join() or get(), or put the call that blocks")
        .append(" into Async.blockInPlace(..) or Async.spawnBlocking(..).");
    if (leftOut > 0) {
      text.append(" (It was so ").append(leftOut).append(" more times since the last report.)");
    }
    for (WatchedWorker worker : workers) {
      append(text, worker.thread());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    if (stack.length == 0) {
      return; // ended
    }
    text.append("\n\"")
        .append(thread.getName())
        .append("\" (")
        .append(thread.getState())
        .append(')');
    String awaited = awaited(thread);
    if (awaited != null) {
      text.append(" waits for ").append(awaited);
    }
    for (int i = 0; i < stack.length; i++) {
      if (i == MAX_FRAMES) {
        text.append("\n    ... ").append(stack.length - i).append(" more");
        break;
      }
      text.append("\n    at ").append(stack[i]);
    }
  }

  private static @Nullable String awaited(Thread thread) {
    Task<?> task = BlockingWaits.of(thread);
    if (task != null) {
      return task.toString();
    }
    Object blocker = LockSupport.getBlocker(thread);
    if (blocker == null) {
      return null;
    }
    String type = blocker.getClass().getName();
    return type.startsWith("java.util.concurrent.CompletableFuture")
        ? "a CompletableFuture" // a part of it, that does not lead to the whole
        : type + "@" + Integer.toHexString(System.identityHashCode(blocker));
  }
}
