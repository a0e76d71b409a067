package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The executor's side of a thread that polls tasks: the executor they belong to and what is left of
 * the running task's coop budget. All state is confined to the thread itself.
 *
 * <pre>{@code
 * Carrier carrier = Carrier.current();
 * boolean onWorker = carrier != null && carrier.executor() == executor;
 * }</pre>
 */
public abstract class Carrier {
  /**
   * Ready awaits that one poll may run through before it must let others run. Tokio's figure
   * (tokio/src/task/coop: {@code Budget::initial}).
   */
  public static final int COOP_BUDGET = 128;

  /** A budget of none: every await suspends. */
  public static final int NO_BUDGET = 0;

  private static final int RENEWED_EVERY = 4096;

  /** The carriers of threads that belong to others, while they poll. */
  private static final ThreadLocal<@Nullable Carrier> FOREIGN = new ThreadLocal<>();

  /**
   * False for as long as there are none, so that programs without pay for a load outside executors,
   * and never on them. Plain: whoever polls on such a thread has come there by way of one who has
   * set it.
   */
  private static boolean hasForeign;

  private final int fullBudget;
  private int budget;

  /** True while the running task has no budget to keep to. */
  private boolean unconstrained;

  /** The values of the locals that the running task has; see there. */
  @Nullable LocalContext context;

  private long waiters;

  /**
   * The call that has suspended last on this thread, until its caller awaits it, which is mostly
   * the next thing that happens.
   */
  private @Nullable Frame<?> born;

  private Polled polled = new Polled();

  /**
   * What is known of the exception that an await has thrown last on this thread. It does not keep
   * the exception.
   */
  @Nullable AsyncTrace lastTrace;

  /** See {@link #resumes}. */
  private @Nullable Frame<?> resumed;

  private @Nullable CompletableFuture<?> resumedBy;

  /** Polls until another {@link Polled} is made. */
  private int untilRenewed = RENEWED_EVERY;

  /** A carrier whose tasks have Tokio's budget. */
  protected Carrier() {
    this(COOP_BUDGET);
  }

  /**
   * @param fullBudget the ready awaits that one poll may run through; 0 for an executor on which
   *     every await suspends and a returned future is adopted as ECMAScript does it
   */
  protected Carrier(int fullBudget) {
    this.fullBudget = fullBudget;
    this.budget = fullBudget;
  }

  /** The executor whose tasks run on this thread. */
  public abstract AsyncExecutor executor();

  /** The carrier of the calling thread, or null outside any executor. */
  public static @Nullable Carrier current() {
    return Thread.currentThread() instanceof CarrierThread thread ? thread.carrier() : foreign();
  }

  private static @Nullable Carrier foreign() {
    return hasForeign ? FOREIGN.get() : null;
  }

  /** To be called before a thread that is no {@link CarrierThread} is given a carrier. */
  public static void useForeign() {
    hasForeign = true;
  }

  /**
   * Has the calling thread, which is no {@link CarrierThread}, run tasks for a carrier.
   *
   * @param carrier null for none
   * @return what it had
   */
  public static @Nullable Carrier carryForeign(@Nullable Carrier carrier) {
    Carrier before = FOREIGN.get();
    if (carrier == null) {
      FOREIGN.remove();
    } else {
      FOREIGN.set(carrier);
    }
    return before;
  }

  /** A number for a waiter, see there. */
  final long nextWaiter() {
    return waiters++;
  }

  /** Gives the task that is about to be polled its full budget. Called by the executor. */
  public final void resetBudget() {
    budget = fullBudget;
    unconstrained = false;
    if (born != null) { // by code that belongs to no task
      awaiting(null);
    }
  }

  /** An async method that was called on this thread has suspended for the first time. */
  final void born(Frame<?> call) {
    if (born != call) { // the body of a generator, which is told of twice when it first suspends
      awaiting(null);
      born = call;
    }
  }

  /**
   * The running method is about to await something, or to end with it. A call that has suspended on
   * this thread and is not that was not awaited by who called it; its executor keeps account of it.
   */
  final void awaiting(@Nullable Object future) {
    Frame<?> call = born;
    if (call != null) {
      born = null;
      if (call != future) {
        call.detachIfUnawaited(future);
      }
    }
  }

  /** This thread is about to poll a frame. */
  final void polls(Frame<?> frame) {
    if (--untilRenewed == 0) {
      untilRenewed = RENEWED_EVERY;
      polled = new Polled();
    }
    polled.frame = frame;
  }

  /** To be called by the executor when what it has run may have called async methods. */
  public final void forgetPolled() {
    polled.frame = null;
    awaiting(null);
  }

  /**
   * The frame that is polled is resumed as a stage has failed, which its body takes next, by {@link
   * Await#take}.
   */
  final void resumes(Frame<?> frame, CompletableFuture<?> failed) {
    resumed = frame;
    resumedBy = failed;
  }

  /** The frame that is polled, if it was resumed by that stage and is taking it now. */
  final @Nullable Frame<?> takeResumed(CompletableFuture<?> failed) {
    if (resumedBy != failed) {
      return null;
    }
    Frame<?> frame = resumed;
    resumed = null;
    resumedBy = null;
    return frame == polled.frame ? frame : null;
  }

  /** What it is about to spawn. */
  final SpawnSite.Mark spawns() {
    return polled;
  }

  /** The frame that this thread polls; null if none. From another thread, a moment old. */
  public final @Nullable Frame<?> polledFrame() {
    Polled seen = polled;
    return seen == null ? null : seen.frame; // null: another thread may see a carrier half made
  }

  /** See {@link dev.weft.Async#isCancelled}. */
  public final boolean isCancelled() {
    Frame<?> frame = polled.frame;
    return frame != null && Cancellation.isSetOutwards(frame, Link.TOLD);
  }

  /** True if the running method was told that it is cancelled, so that it may be cleaning up. */
  public final boolean isCleaningUp() {
    Frame<?> frame = polled.frame;
    return frame != null
        && Cancellation.isSetOutwards(frame, Link.TOLD)
        && !Cancellation.isSetOutwards(frame, Link.PENDING);
  }

  /** Takes one unit of the running task's budget; false when it is spent. */
  final boolean spendBudget() {
    if (budget == 0) {
      return unconstrained && fullBudget != 0;
    }
    budget--;
    return true;
  }

  /** Gives back a unit that was taken for an await where there is none. */
  final void returnBudget() {
    if (budget < fullBudget && !unconstrained) {
      budget++;
    }
  }

  /**
   * Takes the budget off the running task, until it is next polled, or gives it back.
   *
   * @return how it was before
   */
  public final boolean setUnconstrained(boolean on) {
    boolean before = unconstrained;
    unconstrained = on;
    return before;
  }

  final boolean isUnconstrained() {
    return unconstrained;
  }

  /** True if every await suspends here. */
  final boolean alwaysSuspends() {
    return fullBudget == 0;
  }

  /**
   * A task has failed on this thread while nobody was waiting for it or had anything hung on it.
   * For executors that report what nobody heard of; does nothing by default.
   */
  protected void onUnheardFailure(Task<?> task, Throwable error) {}

  /** Somebody asks on this thread for the outcome of a task that has failed. */
  protected void onFailureHeard(CompletableFuture<?> task) {}

  /**
   * One socket's event has been handled, in the course of a poll. For an executor that runs what it
   * has woken before the next event; does nothing by default.
   */
  public void onIoEvent() {}

  /** Tells the calling thread's carrier, if it has one, of a failure that nobody waited for. */
  public static void reportUnheard(Task<?> task, Throwable error) {
    Carrier carrier = current();
    if (carrier != null) {
      carrier.onUnheardFailure(task, error);
    }
  }

  /** Tells it that somebody has asked for that outcome after all. */
  public static void reportHeard(Task<?> task) {
    Carrier carrier = current();
    if (carrier != null) {
      carrier.onFailureHeard(task);
    }
  }

  /** This thread is about to wait for a task in {@code join} or {@code get}. */
  protected void onBlockingWait(Task<?> task) {}

  /**
   * The running task is about to block this thread; see {@link dev.weft.Async#blockInPlace}.
   *
   * @throws IllegalStateException if nobody could take this thread's place
   */
  public void beforeBlocking() {
    throw new IllegalStateException(
        "blockInPlace would halt everything else on this executor, which has no other thread than "
            + Thread.currentThread().getName()
            + ": use spawnBlocking");
  }

  /** True if it is there to end frames, and rejects them when they suspend. */
  public boolean isHalted() {
    return false;
  }

  /** True if what waits for tasks of an executor may do so on this thread. */
  public boolean mayBlock() {
    return false;
  }

  /**
   * Takes over what the running task has of its own under another carrier. Called by the executor.
   */
  public final void takeTaskFrom(Carrier other) {
    context = other.context;
    budget = other.budget;
    unconstrained = other.unconstrained;
    born = other.born;
    polled.frame = other.polled.frame;
    other.context = null;
    other.born = null;
    other.polled.frame = null;
  }

  /**
   * Called when a ready await had to suspend because the budget was spent. For metrics; does
   * nothing by default.
   */
  protected void onForcedYield() {}

  /**
   * Holds the frame that is polled, or was polled last. An object of its own, made anew every now
   * and then, so that it stays young: with G1 a reference that is stored into an old object costs a
   * full fence, here one in each poll (8 ns of a task switch's 60; AMD EPYC, JDK 17).
   */
  private static final class Polled extends SpawnSite.Mark {
    @Nullable Frame<?> frame;
  }
}
