package dev.weft.scheduler.watch;

import dev.weft.SlowPoll;
import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.frame.Spawn;
import dev.weft.frame.SpawnSite;
import dev.weft.frame.Standing;
import dev.weft.frame.Whereabouts;
import dev.weft.jfr.FlightSwitch;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds polls that keep a worker, or an event loop, for longer than a threshold, and says so while
 * they last, so that the thread's stack is that of the poll.
 *
 * <p>It looks at each worker ten times in that threshold. A poll is slow by these rules, which are
 * there so that nobody is blamed for what the machine does:
 *
 * <ol>
 *   <li>The worker's progress has not changed, and it is not asleep: it is in one poll, one round
 *       of handlers or one callback. Not in {@code blockInPlace}: another thread runs it then.
 *   <li>Time counts as it is looked at, and between two looks at most three times what lies between
 *       them at the set pace. A process that was suspended, a pause of the garbage collector, a
 *       debugger that stops all threads, a machine that does not get round to the monitor: whatever
 *       stops both the worker and the monitor adds next to nothing.
 *   <li>In the second half of the threshold and after, it is measured what the thread does: it
 *       waits, in the JVM's eyes; or it uses CPU time. What it does neither of, it was ready to run
 *       and did not get a processor. The share of the two must be such that they make up the
 *       threshold: a poll that is given half a processor is slow after twice the time.
 *   <li>Neither waits nor computes, in the JVM's eyes, who is in a system call that blocks, as the
 *       read from a socket. For such a time it is looked at the stack: only if it is in a native
 *       method of the JDK that belongs to a call that may block, twice in a row, that time counts
 *       as well. A thread without a processor stands anywhere.
 *   <li>The stack is that of this poll: the progress is the same after it was taken.
 *   <li>Either a task is polled, or a line of the application is on the stack. What Weft and Netty
 *       do between polls without either is nothing that a user could change.
 * </ol>
 *
 * <p>What loads classes or is not compiled yet may take as long, and is reported as any other: the
 * others have waited all the same. The report says so if it is class loading.
 *
 * <p>Confined to the monitor's thread. Costs workers nothing.
 */
final class PollWatch {
  /** Looks in a threshold. Guessed: a tenth is as exact as anybody needs it. */
  private static final int LOOKS = 10;

  /** The first half of these is not measured: most polls end there. */
  private static final int UNMEASURED = LOOKS / 2;

  /** A look may be late by so many times the pace before what is above that does not count. */
  private static final int LATE = 3;

  /** Whoever uses less than this share of the time as CPU time does not run. Guessed. */
  private static final int IDLE_SHARE = 8;

  /** Below, in nanoseconds, no thread of ours is woken in time. The monitor's own pace. */
  private static final long MIN_STEP = 500_000;

  /** As often is a worker looked at, however high the threshold. */
  private static final long MAX_STEP = 100_000_000;

  private static final int MAX_FRAMES = 128;

  private final Supplier<WatchedWorker[]> workers;
  private final SlowPolls polls;
  private final ThreadProbe threads;
  private final long step;
  private final One[] each;
  private boolean begun;
  private long last;

  /**
   * @param workers whom to look at: as many, in the same order, each time
   * @param number how many these are
   * @param polls is told
   */
  PollWatch(Supplier<WatchedWorker[]> workers, int number, SlowPolls polls, ThreadProbe threads) {
    this.workers = workers;
    this.polls = polls;
    this.threads = threads;
    step = stepNanos(polls);
    each = new One[number];
    for (int i = 0; i < number; i++) {
      each[i] = new One(polls);
    }
  }

  /** How often it wants to look, in nanoseconds; {@link Long#MAX_VALUE} if there is no need to. */
  static long stepNanos(SlowPolls polls) {
    return polls.isOn()
        ? Math.max(MIN_STEP, Math.min(MAX_STEP, polls.thresholdNanos() / LOOKS))
        : Long.MAX_VALUE;
  }

  /** One look, unless it is too early for one. */
  void look(long now) {
    if (!polls.isOn() || (begun && now - last < step)) {
      return;
    }
    long passed = begun ? Math.min(now - last, LATE * step) : 0;
    begun = true;
    last = now;
    WatchedWorker[] watched = workers.get();
    for (int i = 0; i < each.length; i++) {
      look(each[i], watched[i], now, passed);
    }
    polls.tellRest(now);
  }

  /** Nobody looks any more: what has not come to its end stays so. */
  void close() {
    polls.close();
  }

  private void look(One one, WatchedWorker worker, long now, long passed) {
    long progress = worker.progress();
    Thread thread = worker.thread();
    if (!worker.isAsleep()) {
      sample(thread, passed);
    }
    if (progress != one.progress || worker.isAsleep() || threads.mayBlock(thread)) {
      if (one.told != null) {
        polls.over(one.told, Duration.ofNanos(now - one.since));
      }
      one.begin(progress, now);
      return;
    }
    one.passed += passed;
    one.looks++;
    if (one.told != null
        || one.looks < UNMEASURED
        || one.passed < polls.thresholdNanos() / 2
        || one.passed < one.nextTry) {
      return;
    }
    measure(one, thread, passed);
    if (one.isSlow(one.waited + one.used)) {
      tell(one, worker, thread, now, false);
    } else if (one.isSlow(one.waited + one.used + one.idle)) {
      tell(one, worker, thread, now, true);
    }
  }

  /** What is polled now is taken to have been polled since the last look: a sample. */
  private void sample(Thread thread, long passed) {
    Frame<?> frame = threads.polled(thread);
    if (frame != null && Standing.taskAround(frame) instanceof Spawn<?> task) {
      task.addBusy(passed);
    }
  }

  private void measure(One one, Thread thread, long passed) {
    Thread.State state = threads.state(thread);
    long cpu = threads.cpuNanos(thread);
    one.waiting =
        state == Thread.State.WAITING
            || state == Thread.State.TIMED_WAITING
            || state == Thread.State.BLOCKED;
    if (one.measured == 0) {
      one.measured = 1; // ns, and the same as none
      one.cpu = cpu;
      return;
    }
    one.measured += passed;
    long used = cpu < 0 ? passed : Math.min(cpu - one.cpu, passed);
    one.cpu = cpu;
    if (one.waiting) {
      one.waited += passed;
    } else {
      one.used += used;
      one.idle += used < passed / IDLE_SHARE ? passed - used : 0;
    }
  }

  /**
   * Tells of a poll, with the stack that the thread has now; or finds that there is nothing to be
   * told, or not yet.
   *
   * @param byStack true if only the stack can say that it blocks
   */
  private void tell(One one, WatchedWorker worker, Thread thread, long now, boolean byStack) {
    StackTraceElement[] stack = threads.stack(thread);
    ThreadInfo info = one.waiting ? threads.info(thread) : null;
    Frame<?> frame = threads.polled(thread);
    Takeover takeover = worker.takeover();
    if (stack.length == 0) {
      one.beginAgain(Long.MAX_VALUE); // the thread has ended
      return;
    }
    if (worker.progress() != one.progress || worker.thread() != thread) {
      return; // it has come out of it at last
    }
    StackReading reading = StackReading.of(stack, one.waiting, info);
    if (byStack && !reading.isNative()) {
      one.beginAgain(2 * one.passed);
      return;
    }
    if (byStack && !one.repeats(stack[0])) {
      return;
    }
    if (frame == null && reading.place() == null) {
      one.nextTry = Long.MAX_VALUE;
      return;
    }
    one.told =
        polls.found(
            new SlowPoll(
                Instant.now(),
                polls.executor(),
                thread.getName(),
                polls.isEventLoop(),
                frame == null ? null : describe(frame),
                frame == null ? null : awaitOf(frame),
                reading.blocker(),
                reading.firstUse(),
                reading.place(),
                reading.advice(),
                List.of(Arrays.copyOf(stack, Math.min(stack.length, MAX_FRAMES))),
                Duration.ofNanos(now - one.since),
                false,
                takeover == null || takeover.progress() != one.progress
                    ? null
                    : "Its I/O loop was taken over by worker "
                        + takeover.by()
                        + ", "
                        + Math.max(0, takeover.at() - one.since) / 1_000_000
                        + " ms after it was first seen in this poll",
                0),
            frame == null ? "" : frame.getClass().getName(),
            now);
    if (FlightSwitch.isOn()) {
      record(one.told, frame, thread);
    }
  }

  /** Tells the Flight Recorder. */
  private static void record(SlowPoll told, @Nullable Frame<?> frame, Thread thread) {
    Task<?> task = frame == null ? null : Whereabouts.taskOf(frame);
    String site = task instanceof Spawn<?> spawned ? spawned.spawnSite() : null;
    StackTraceElement await = told.resumedAt();
    dev.weft.jfr.SlowPoll.emit(
        task == null ? 0 : task.id(),
        task == null ? null : task.name(),
        told.task() == null ? "no task" : told.task(),
        await == null ? null : await.toString(),
        site == null ? null : SpawnSite.place(site),
        told.duration().toNanos(),
        thread,
        told.blocker());
  }

  private static String describe(Frame<?> frame) {
    Task<?> task = Whereabouts.taskOf(frame);
    if (task instanceof Spawn<?> spawned) {
      return "task " + spawned.describe();
    }
    return task instanceof Frame<?> call ? Whereabouts.describeCall(call) : task.toString();
  }

  private static @Nullable StackTraceElement awaitOf(Frame<?> frame) {
    StackTraceElement at = Whereabouts.element(frame);
    return at == null || at.getLineNumber() < 0 ? null : at;
  }

  /** One worker, or the loop. Times in nanoseconds. */
  private static final class One {
    /** The same since it was first looked at. */
    long progress = -1;

    /** When that was. */
    long since;

    /** What counts of the time up to now. */
    long passed;

    int looks;

    /** What counts of the time in which it was measured what it does. */
    long measured;

    /** Of this, the time in which it waited. */
    long waited;

    /** And in which it used a processor. */
    long used;

    /** And in which it did neither. */
    long idle;

    /** The CPU time at the last look; and whether it waited then. */
    long cpu;

    boolean waiting;

    /** From when on it is measured, by {@link #passed}. */
    long nextTry;

    @Nullable StackTraceElement innermost;
    @Nullable SlowPoll told;
    private final SlowPolls polls;

    One(SlowPolls polls) {
      this.polls = polls;
    }

    void begin(long now, long at) {
      progress = now;
      since = at;
      passed = 0;
      looks = 0;
      told = null;
      beginAgain(0);
    }

    /** Has it measured anew; the next time when so much has passed. */
    void beginAgain(long then) {
      nextTry = then;
      measured = 0;
      waited = 0;
      used = 0;
      idle = 0;
      innermost = null;
    }

    /** Whether a part of what was measured makes up the threshold, if it was so all the time. */
    boolean isSlow(long part) {
      return looks >= LOOKS - 1
          && measured > 1
          && (double) part / (measured - 1) * passed >= polls.thresholdNanos();
    }

    /** True the second time in a row. */
    boolean repeats(StackTraceElement top) {
      boolean same = top.equals(innermost);
      innermost = top;
      return same;
    }
  }
}
