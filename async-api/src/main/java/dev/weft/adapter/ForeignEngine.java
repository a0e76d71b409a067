package dev.weft.adapter;

import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.dump.live.LiveExecutors;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Carrier;
import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.scheduler.Engine;
import dev.weft.scheduler.task.OwnedTask;
import dev.weft.scheduler.task.OwnedTasks;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.thread.Reaper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that run on an executor which is not ours: kept account of, so that they can be
 * cancelled and waited for, and rejected when they cannot run. It ends without that executor, which
 * belongs to who has made it.
 *
 * <pre>
 *   RUNNING --shutdown--&gt; SHUTDOWN   nothing is accepted from outside
 *   SHUTDOWN ----------&gt; ENDED      no task and no call that nobody awaits is alive
 *   any --halt----------&gt; HALTED     what is alive is rejected at its await
 * </pre>
 */
public final class ForeignEngine implements Engine, LiveWork {
  /** For those that were rejected to end, after the bound: as the other executors. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private record Rejected(Frame<?> frame, String reason) {}

  private final AsyncExecutor face;
  private final String name;
  private final OwnedTasks owned = new OwnedTasks(0, Hooks.NONE, this::endIfQuiet);
  private final DetachedCalls detached = new DetachedCalls();
  private final Queue<Rejected> rejected = new ConcurrentLinkedQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Commands commands;
  private final Reaper reaper;
  private volatile boolean shutdown;
  private volatile boolean cancelling;
  private volatile boolean halted;

  /**
   * No tasks as yet.
   *
   * @param executor runs each poll of a frame as a command
   * @param face the executor that frames know
   * @param name for people
   */
  public ForeignEngine(Executor executor, AsyncExecutor face, String name) {
    this.face = face;
    this.name = name;
    this.commands = new Commands(executor, face, this::reject);
    this.reaper = new Reaper(name, face, this::rejectNext);
    LiveExecutors.add(this);
  }

  private void reject(Frame<?> frame, String reason) {
    rejected.add(new Rejected(frame, reason));
    reaper.summon();
  }

  private boolean rejectNext() {
    Rejected next = rejected.poll();
    if (next == null) {
      return false;
    }
    next.frame.reject(next.reason);
    return true;
  }

  // ---- tasks

  /** Queues a frame. From any thread; does not throw. */
  public void schedule(Frame<?> frame) {
    commands.add(frame);
  }

  /** Starts a task; false if no more are accepted. */
  public boolean start(OwnedTask<?> task) {
    Carrier carrier = Carrier.current();
    if (!owned.add(task, -1, isOwnThread() && ended.getCount() != 0)) {
      return false;
    }
    if (cancelling && (carrier == null || !carrier.isCleaningUp())) {
      task.cancel(true); // who has started it is about to be cancelled, and it came too late
    }
    commands.add(task);
    return true;
  }

  @Override
  public void detached(Frame<?> call) {
    detached.add(call);
    endIfQuiet(); // it may have ended meanwhile
    if (halted) {
      call.force();
    } else if (cancelling) {
      Carrier carrier = Carrier.current();
      if (carrier == null || !carrier.isCleaningUp()) {
        call.request();
      }
    }
  }

  @Override
  public void attached(Frame<?> call) {
    detached.remove(call);
    endIfQuiet();
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return ClassLoader.getSystemClassLoader(); // what threads have that nobody has told otherwise
  }

  @Override
  public boolean isOwnThread() {
    Carrier carrier = Carrier.current();
    return carrier != null && carrier.executor() == face;
  }

  /** Why work is refused, for messages. */
  public String refusal() {
    return "the executor " + name + " is shut down";
  }

  // ---- the end

  /** Accepts no more from outside; what is there goes on. */
  public void shutdown() {
    owned.close();
    shutdown = true;
    endIfQuiet();
  }

  /** As {@link #shutdown}, and cancels what is there, once. */
  public void shutdownNow() {
    shutdown();
    synchronized (this) {
      if (cancelling) {
        return;
      }
      cancelling = true;
    }
    for (OwnedTask<?> task : owned.snapshot()) {
      task.cancel(true);
    }
    detached.snapshot().forEach(Frame::request);
  }

  /**
   * Two counts cannot be taken at one moment; but if nothing has begun from before the first to
   * after the last, each that was zero has stayed so.
   */
  private void endIfQuiet() {
    while (shutdown && ended.getCount() != 0) {
      long before = owned.begun() + detached.begun();
      if (owned.size() != 0 || detached.size() != 0) {
        return;
      }
      if (owned.begun() + detached.begun() == before) {
        owned.unheard().close();
        ended.countDown();
        return;
      }
    }
  }

  private void halt() {
    halted = true;
    commands.reject(refusal());
    owned.snapshot().forEach(Frame::force);
    detached.snapshot().forEach(Frame::force);
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return ended.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return ended.await(timeout, unit);
  }

  @Override
  public CloseReport close(Duration drain, Duration bound) {
    long start = System.nanoTime();
    boolean over = false;
    List<CloseReport.Unended> unended = List.of();
    try {
      over = awaitEnd(drain, bound);
      if (!over) {
        unended = unended();
      }
      halt(); // also if all has ended: what comes later, from a moved call, is not to run
      if (!over) {
        reaper.awaitIdle(System.nanoTime() + LAST_STEPS.toNanos());
      }
    } catch (InterruptedException e) {
      halt();
      Thread.currentThread().interrupt();
    }
    return new CloseReport(name, Duration.ofNanos(System.nanoTime() - start), unended, over);
  }

  private boolean awaitEnd(Duration drain, Duration bound) throws InterruptedException {
    if (!drain.isZero()) {
      shutdown();
      if (awaitTermination(TimeUnit.NANOSECONDS.convert(drain), TimeUnit.NANOSECONDS)) {
        return true;
      }
    }
    shutdownNow();
    return awaitTermination(TimeUnit.NANOSECONDS.convert(bound), TimeUnit.NANOSECONDS);
  }

  @Override
  public List<CloseReport.Unended> unended() {
    List<CloseReport.Unended> all = new ArrayList<>();
    for (OwnedTask<?> task : owned.snapshot()) {
      all.add(
          new CloseReport.Unended(
              task.id(), task.name(), task.describe(), false, Whereabouts.of(task)));
    }
    for (Frame<?> call : detached.snapshot()) {
      all.add(
          new CloseReport.Unended(
              0, null, Whereabouts.describeCall(call), false, Whereabouts.of(call)));
    }
    return all;
  }

  // ---- who looks at it

  @Override
  public boolean isOver() {
    return isTerminated();
  }

  @Override
  public AsyncExecutor executor() {
    return face;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Kind kind() {
    return Kind.OTHER;
  }

  @Override
  public int workers() {
    return 0;
  }

  @Override
  public boolean samplesPolls() {
    return false;
  }

  @Override
  public void forEach(Consumer<? super Task<?>> visitor) {
    owned.forEach(visitor);
    detached.forEach(visitor);
  }

  @Override
  public void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor) {
    commands.forEachPolled(visitor);
  }

  @Override
  public String toString() {
    return name + "[" + (shutdown ? "shut down, " : "") + owned.size() + " tasks]";
  }
}
