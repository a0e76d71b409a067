package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.jfr.FlightSwitch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One suspended call of an async method: the future that its caller holds, the storage of its live
 * locals, the node in the scheduler's queue, and the waiter of whatever it awaits. It is the only
 * object that an async call allocates, and only if the call suspends at all.
 *
 * <p>The weaver generates a subclass per async method, with one typed field per saved local:
 *
 * <pre>{@code
 * final class Shop$weft$buy extends Frame {
 *   private Shop v0;
 *   private int v1;
 *
 *   static Task suspend(CompletableFuture awaited, Shop a0, int a1, int state, Frame frame) {
 *     Shop$weft$buy self = frame == null ? new Shop$weft$buy() : (Shop$weft$buy) frame;
 *     self.v0 = a0;
 *     self.v1 = a1;
 *     return self.suspendOn(awaited, state, frame);
 *   }
 *
 *   protected Object resume() {
 *     Shop a0 = v0;
 *     v0 = null; // while the body runs, the frame holds nothing
 *     return Shop.lambda$async$buy(a0, v1, state, this);
 *   }
 * }
 * }</pre>
 *
 * <h2>Life of a frame</h2>
 *
 * <pre>
 *   RUNNING --park--&gt; PARKED --wake--&gt; QUEUED --run--&gt; RUNNING ... --&gt; ENDED
 * </pre>
 *
 * At any time one thread owns the frame. {@code park} gives it up: from the moment in which the
 * frame stands in a waiter slot, its thread must not touch it again, but for looking, as anybody
 * may, whether a cancellation is there to be passed on. The wake-up has one owner too, the thread
 * that took the frame out of the slot: the completer of the awaited task, or the canceller. Handing
 * over goes through the slot and the executor's queue, each of which orders memory, so the fields
 * that belong to the owner are plain.
 *
 * <p>This class holds the state and what woven code and executors call. What they set going is
 * argued where it is done, one class for each job: {@link Polling} runs and ends a frame, {@link
 * Parking} gives it up and says what it is woken with, {@link Linking} moves it to another's place,
 * {@link Cancellation} tells it that its outcome is not wanted, {@link Rejection} ends it without
 * its executor. They are classes of static methods that work on a frame, so that it stays one
 * object; and not superclasses of it, because a chain of those has an order and these call each
 * other, and because {@code instanceof} and a cast to a class cost one comparison in HotSpot only
 * where it stands less than 8 below {@code Object}: a spawned task of the scheduler is at 7.
 *
 * <p>A frame whose body ends with a stage that is not complete yet is parked on that, and ends with
 * it. If another frame is parked on this one to do no more than the same, it takes this one's
 * place, so that tail recursion leaves no chain of frames behind; see {@link LinkedFrames}.
 *
 * <p>Being completed is independent of this life: {@link #cancel} completes the future at once,
 * while the body has yet to run its {@code finally} blocks; what the body returns afterwards is
 * dropped. Who awaits the frame goes on when its body has ended, and not before.
 *
 * @param <T> the type of the async method's result
 */
public abstract class Frame<T extends @Nullable Object> extends Link<T> implements Runnable {
  /** What {@link #resume} returns when the body has parked again. */
  public static final Task<?> SUSPENDED = Settled.value(null);

  /** The state of a frame whose body has ended with a stage that is not complete yet. */
  static final int FORWARDING = -1;

  /** The state of a frame that is yet to look at the stage with which its body has ended. */
  static final int ADOPTING = -2;

  private static final VarHandle OBSERVED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OBSERVED = lookup.findVarHandle(Frame.class, "observed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The suspension point at which the body is resumed; 0 in a frame that has not started. */
  protected int state;

  /** True once a stage may have been derived from this future; see {@link LinkedFrames}. */
  volatile boolean observed;

  /** In {@link #flags}: it was called by {@code Async.unconstrained}, directly or not. */
  static final byte UNCONSTRAINED = 1;

  /** In {@link #flags}: a task that is one operation of who awaits it. Set before it starts. */
  static final byte OPERATION = 2;

  /** Written by the owner. */
  byte flags;

  /**
   * When it came to where it is: was queued, polled, or parked; in {@link Ticks}. Written by who
   * owns it then, and read by anybody, for reports.
   */
  int since;

  /** How often it was polled. Written by the owner. */
  int polls;

  /**
   * Where this frame is resumed: the executor on which it first suspended, or has {@link Move}d to.
   */
  @Nullable AsyncExecutor executor;

  /** The values of {@code AsyncLocal}s to be put back when the frame runs. */
  @Nullable LocalContext context;

  /**
   * Its place among the detached calls of its executor, see there. A task has none, and keeps here
   * when it was spawned.
   */
  int detachedAt;

  /** Link of intrusive lists; belongs to whoever has the frame queued, or withdrawn to wake it. */
  public @Nullable Frame<?> next;

  /** For a frame that suspends where it runs. */
  protected Frame() {}

  /** For a frame that is queued on an executor before it first runs. */
  protected Frame(AsyncExecutor executor) {
    this.executor = executor;
    this.context = LocalContext.captureFor(executor.contextClassLoader());
  }

  /** Notes whether what runs is {@link #UNCONSTRAINED}. By the owner. */
  final void takeUnconstrained(Carrier carrier) {
    flags = (byte) (carrier.isUnconstrained() ? flags | UNCONSTRAINED : flags & ~UNCONSTRAINED);
  }

  // ---- what woven code calls

  /**
   * Parks this frame, and says what the body has to return: its caller gets the frame itself if the
   * body has run on its thread so far, and {@link #SUSPENDED} if the frame has resumed it.
   *
   * @param future what is awaited
   * @param nextState where the body is to be resumed
   * @param resumed this frame, or null if it was made just now
   */
  protected final Task<?> suspendOn(
      CompletableFuture<?> future, int nextState, @Nullable Frame<?> resumed) {
    park(future, nextState);
    return resumed == null ? this : SUSPENDED;
  }

  /**
   * Gives this frame up until the future is complete. The last thing that the body does: when it
   * returns, another thread may have run the frame to its end.
   *
   * <p>Does not throw: it stands inside the {@code try} blocks of the body, whose handlers must not
   * run while the frame is parked.
   */
  protected final void park(CompletableFuture<?> future, int nextState) {
    Parking.park(this, future, nextState);
  }

  /**
   * What the frame was parked on, complete. Called by the body when it is resumed, before anything
   * else. When a cancellation was delivered meanwhile, this is a failed future in its place, once.
   */
  public final CompletableFuture<?> takeAwaited() {
    return Parking.takeAwaited(this);
  }

  /**
   * Runs the body from its suspension point to the next one or to its end.
   *
   * @return {@link #SUSPENDED}, after which the frame must not be touched: it is parked, or has
   *     ended ({@link Bare#outcome}); otherwise the stage that the body returned
   */
  protected abstract @Nullable Object resume();

  /**
   * Where the awaits of the async method stand, as woven into the frame class: the binary name of
   * the class that was woven, the method's name, its source file (or empty), and the source lines
   * of its suspension points in the order of their states 1, 2, ..; separated by a tab. A line that
   * is not known is 0; a method of so many awaits that a constant cannot hold the lines of all
   * lacks the last ones. Empty for frames without.
   */
  protected String awaitTable() {
    return "";
  }

  /**
   * Completes a future of the type that an async method is declared to return when the frame does,
   * for types that a frame is not an instance of. Cancelling the target cancels the frame.
   *
   * @return the target
   */
  @SuppressWarnings("unchecked")
  public static <F extends CompletableFuture<?>> F adapt(CompletableFuture<?> frame, F target) {
    CompletableFuture<Object> sink = (CompletableFuture<Object>) target;
    frame.whenComplete(
        (value, error) -> {
          if (error == null) {
            sink.complete(value);
          } else {
            sink.completeExceptionally(error);
          }
        });
    sink.whenComplete(
        (value, error) -> {
          if (sink.isCancelled()) {
            frame.cancel(false);
          }
        });
    return target;
  }

  // ---- what the executor calls

  /** Polls the frame. Called by its executor, on the thread that took it off a queue. */
  @Override
  public final void run() {
    if (LocalContext.isInUse()) {
      Polling.runInContext(this);
    } else {
      Polling.poll(this);
    }
  }

  /**
   * Called once, when the body has run to its end, was rejected, or was cancelled before it
   * started; the future has its outcome then, and those who await it are about to be woken. On the
   * thread that polled the frame last. Must not throw; does nothing by default.
   */
  protected void onEnd() {}

  /**
   * Goes on with a frame that its executor does not poll any more, because it was halted: the body
   * is resumed with a {@link HaltedError} at its await, so that its {@code finally} blocks run;
   * each of their awaits throws it again. A frame that has not started does not start, and one that
   * only forwards has no body. To be called on a thread that is meant for this, with what {@code
   * schedule} got.
   */
  public final void reject(String reason) {
    Rejection.reject(this, reason);
  }

  /**
   * Ends a frame without its body, which does not go on: that of a program that has come to its
   * end, as Node has it.
   */
  public final void drop(String reason) {
    Rejection.drop(this, reason);
  }

  /** True if it is resumed by an executor. */
  public final boolean belongsTo(AsyncExecutor home) {
    return Guest.hostOf(executor) == home;
  }

  /**
   * What the frame is parked on. Asked by its executor while the frame is being scheduled, and so
   * is the executor's.
   */
  public final @Nullable CompletableFuture<?> awaited() {
    Object source = awaited instanceof LinkedFrames links ? links.source : awaited;
    return Waiter.futureIn(source);
  }

  /**
   * Less for one of two frames that one thread has parked on the same future, if it was the first.
   * To be asked when {@link #awaited} may be.
   */
  public final long awaitOrder() {
    Object source = awaited instanceof LinkedFrames links ? links.source : awaited;
    return source instanceof Waiter waiter ? waiter.order : -1; // whoever comes first has the slot
  }

  // ---- what those do who have taken it out of its slot, or let go of it

  /**
   * Schedules the frame on its executor. Called by whoever took it out of the slot in which it was
   * parked, once per suspension.
   */
  @Override
  public final void wake() {
    // Where all workers have rested, the clock has too.
    since = Thread.currentThread() instanceof CarrierThread ? Ticks.now() : Ticks.refresh();
    Objects.requireNonNull(executor, "woken before it was ever parked").schedule(this);
  }

  /**
   * Calls {@link AsyncExecutor#detached} if nobody awaits this call, nor what stands around it.
   *
   * @param future what its caller is about to await
   */
  final void detachIfUnawaited(@Nullable Object future) {
    if (hasEnded()) {
      return;
    }
    Object at = waiterOf(this);
    if (at instanceof Pause pause) {
      Task<?> element = isAwaitedBy(pause, this) ? null : pause.promised();
      if (element == null || element == future) {
        return;
      }
      at = waiterOf(element);
    }
    while (at != null && at != future && Relay.standsBefore(at)) {
      at = waiterOf((Task<?>) at);
    }
    if (at == null) {
      detach();
    }
  }

  /** Nobody awaits this call any more, but it goes on. */
  final void detach() {
    AsyncExecutor home = executor;
    if (home != null && isChained()) {
      if (FlightSwitch.isOn()) {
        FrameEvents.leaves(this);
      }
      home.detached(this);
    }
  }

  // ---- whose value it is

  @Override
  final @Nullable Task<?> broughtBy() {
    return awaitedVolatile() instanceof Brought brought ? brought.operation() : null;
  }

  /** {@inheritDoc} The first who does takes over the claim of the frame. */
  @Override
  protected final boolean onClaimed() {
    // A stage that was derived meanwhile may have it, and has claimed nothing: the claim stays.
    return (!observed && take(BROUGHT)) || super.onClaimed();
  }

  /** {@inheritDoc} By the method that was to take it. */
  @Override
  protected void onAbandoned() {
    Task<?> operation = broughtBy();
    if (operation != null && !observed && take(BROUGHT)) {
      unclaim(operation);
      if (operation.isCompletedExceptionally()) { // it was given back
        obtrudeException(givenBack()); // for those who come later
      }
    }
  }

  @Override
  boolean isLookedAt() {
    return observed || (awaitedVolatile() instanceof LinkedFrames links && links.holdsAny());
  }

  // ---- who observes it, which matters where it is linked: see Linking

  @Override
  @Nullable Link<?> passToRoot() {
    return Linking.passToRoot(this);
  }

  /** False for a frame that has to be there until it is complete. */
  boolean isLinkable() {
    return true;
  }

  /** Volatile: see {@link LinkedFrames}. */
  final boolean getAndSetObserved() {
    return (boolean) OBSERVED.getAndSet(this, true);
  }

  /** What is about to hang on this has the value, or will have it. */
  private void observeByStage() {
    Linking.noticeObserver(this);
    claimIfThere();
  }

  /** {@inheritDoc} What a linked frame would wait for, its root does. */
  @Override
  public void request() {
    super.request();
    Linking.hold(this); // it may have an outcome of its own now, which the outer ones get
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    observeByStage();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    observeByStage();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    observeByStage();
    return super.minimalCompletionStage();
  }
}
