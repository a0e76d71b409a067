package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
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
 * frame stands in a waiter slot, its thread must not touch it again. The wake-up has one owner too,
 * the thread that took the frame out of the slot: the completer of the awaited task, or the
 * canceller. Handing over goes through the slot and the executor's queue, each of which orders
 * memory, so the fields that belong to the owner are plain.
 *
 * <p>A frame whose body ends with a stage that is not complete yet is parked on that, and ends with
 * it. If another frame is parked on this one to do no more than the same, it takes this one's
 * place, so that tail recursion leaves no chain of frames behind; see {@link LinkedFrames}.
 *
 * <p>Being completed is independent of this life: {@link #cancel} completes the future at once,
 * while the body has yet to run its {@code finally} blocks; what the body returns afterwards is
 * dropped.
 *
 * @param <T> the type of the async method's result
 */
public abstract class Frame<T extends @Nullable Object> extends Task<T> implements Runnable {
  /** What {@link #resume} returns when the body has parked again. */
  public static final Task<?> SUSPENDED = Settled.value(null);

  /** The state of a frame whose body has ended with a stage that is not complete yet. */
  private static final int FORWARDING = -1;

  /** The state of a frame that is yet to look at the stage with which its body has ended. */
  private static final int ADOPTING = -2;

  private static final VarHandle AWAITED;
  private static final VarHandle OBSERVED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      AWAITED = lookup.findVarHandle(Frame.class, "awaited", Object.class);
      OBSERVED = lookup.findVarHandle(Frame.class, "observed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The suspension point at which the body is resumed; 0 in a frame that has not started. */
  protected int state;

  /** True once the body has been told that its task is cancelled; it is told once. */
  private boolean cancellationSeen;

  /** True once a stage may have been derived from this future; see {@link LinkedFrames}. */
  @SuppressWarnings("unused") // through OBSERVED
  private volatile boolean observed;

  /** True if it was called by {@code Async.unconstrained}, directly or not. */
  private boolean unconstrained;

  /** Where this frame is resumed: the executor on which it first suspended. */
  private @Nullable AsyncExecutor executor;

  /** The values of {@code AsyncLocal}s to be put back when the frame runs. */
  private @Nullable LocalContext context;

  /**
   * What the frame is parked on: a Task in whose slot it stands, or a {@link Waiter}; either of
   * them in a {@link LinkedFrames} whose root this is. In a frame that has ended and is linked to
   * another, the root's.
   */
  private @Nullable Object awaited;

  /** Link of intrusive lists; belongs to whoever has the frame queued, or withdrawn to wake it. */
  public @Nullable Frame<?> next;

  /** For a frame that suspends where it runs. */
  protected Frame() {}

  /** For a frame that is queued on an executor before it first runs. */
  protected Frame(AsyncExecutor executor) {
    this.executor = executor;
    if (LocalContext.isInUse()) {
      context = LocalContext.current();
    }
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
    state = nextState;
    if (LocalContext.isInUse()) {
      context = LocalContext.current();
    }
    parkOn(future, null);
  }

  /**
   * @param links where to note what this frame is parked on, if it is the root of linked frames
   */
  private void parkOn(CompletableFuture<?> future, @Nullable LinkedFrames links) {
    boolean cancellable = !cancellationSeen; // must not be read once the frame is given up
    AsyncExecutor home = executor;
    if (home == null) {
      Carrier carrier = Carrier.current();
      home = carrier != null ? carrier.executor() : AsyncExecutor.currentOrShared();
      executor = home;
      unconstrained = carrier != null && carrier.isUnconstrained();
    }
    Object source = future;
    if (future instanceof Task<?> task) {
      setSource(task, links);
      if (task.isDone()) { // a yield, or the coop budget is spent
        yieldTo(home);
        return;
      }
      switch (register(task, this)) {
        case DONE -> {
          home.schedule(this);
          return;
        }
        case OCCUPIED -> source = parkBehind(future, links);
        case REGISTERED -> {
          if (task instanceof Frame<?> frame && frame.isLinked()) {
            frame.noticeObserver();
          }
        }
      }
    } else if (future.isDone()) {
      setSource(future, links);
      yieldTo(home);
      return;
    } else {
      source = parkBehind(future, links);
    }
    // A canceller completes this frame and then looks for it where it is parked; we parked it and
    // now look whether it is cancelled. Both are volatile, so one of us finds the other; the slot
    // decides which one wakes the frame.
    if (cancellable && isCancelled() && withdrawFrom(source)) {
      cancelQuietly(taskOf(source)); // the canceller could not: it found nothing parked
      home.schedule(this);
    }
  }

  private void setSource(Object source, @Nullable LinkedFrames links) {
    if (links == null) {
      AWAITED.setRelease(this, source);
    } else {
      links.source = source;
    }
  }

  private static void cancelQuietly(@Nullable Task<?> task) {
    if (task != null) {
      try {
        task.cancel(true);
      } catch (Throwable ignored) {
        // A subclass with a will of its own. The await throws the cancellation in any case.
      }
    }
  }

  private void yieldTo(AsyncExecutor home) {
    if (AsyncExecutor.current() == home) {
      home.scheduleYielded(this);
    } else {
      home.schedule(this);
    }
  }

  /** Registers as an ordinary dependent, which any future has room for. */
  private Waiter parkBehind(CompletableFuture<?> future, @Nullable LinkedFrames links) {
    Carrier carrier = Carrier.current();
    Waiter waiter = new Waiter(future, carrier == null ? 0 : carrier.nextWaiter());
    waiter.setFrame(this);
    setSource(waiter, links);
    try {
      future.whenComplete(waiter);
    } catch (Throwable refused) { // a subclass of CompletableFuture with a will of its own
      waiter.fail(refused);
    }
    return waiter;
  }

  /**
   * What the frame was parked on, complete. Called by the body when it is resumed, before anything
   * else. When the frame was cancelled meanwhile, this is a cancelled future in its place, once.
   */
  public final CompletableFuture<?> takeAwaited() {
    Object source = awaited;
    awaited = null;
    if (!cancellationSeen && isCancelled()) {
      cancellationSeen = true;
      if (source instanceof Task<?> task) {
        abandon(task);
      }
      return CompletableFuture.failedFuture(new CancellationException("the task was cancelled"));
    }
    return source instanceof Waiter waiter
        ? waiter.outcome()
        : (CompletableFuture<?>) Objects.requireNonNull(source);
  }

  /**
   * Runs the body from its suspension point to the next one or to its end.
   *
   * @return {@link #SUSPENDED}, after which the frame must not be touched; otherwise the stage that
   *     the body returned
   */
  protected abstract @Nullable Object resume();

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
      runInContext();
    } else {
      poll();
    }
  }

  private void runInContext() {
    LocalContext outer = LocalContext.current();
    LocalContext.set(context);
    try {
      poll();
    } finally {
      LocalContext.set(outer);
    }
  }

  private void poll() {
    boolean ended;
    if (unconstrained) {
      Carrier carrier = Carrier.current();
      if (carrier != null) {
        carrier.setUnconstrained(true);
      }
    }
    try {
      ended = step();
    } catch (Throwable error) {
      completeExceptionally(error);
      ended = true;
    }
    if (ended) {
      onEnd();
    }
  }

  /** False if the frame has parked again, and is not ours any more. */
  private boolean step() {
    if (state == FORWARDING) {
      settle(forwarded());
      return true;
    }
    if (state == ADOPTING) {
      park((CompletableFuture<?>) Objects.requireNonNull(awaited), FORWARDING);
      return false;
    }
    if (state == 0 && isDone()) {
      return true; // cancelled before it started
    }
    Object outcome = resume();
    return outcome != SUSPENDED && finish(outcome);
  }

  /**
   * Called once, when the body has run to its end, was rejected, or was cancelled before it
   * started; the future is complete then. On the thread that polled the frame last. Must not throw;
   * does nothing by default.
   */
  protected void onEnd() {}

  /** Fails a frame that its executor does not accept any more. */
  public final void reject(String reason) {
    completeExceptionally(new RejectedExecutionException(reason));
    if (awaited instanceof LinkedFrames) {
      forwarded();
    }
    onEnd();
  }

  @SuppressWarnings("unchecked")
  private boolean finish(@Nullable Object outcome) {
    if (outcome == null) {
      completeExceptionally(
          new NullPointerException("the async method returned null instead of a future"));
      return true;
    }
    if (outcome == this) {
      completeExceptionally(
          new IllegalStateException(
              "the async method returned its own future: it waits for itself"));
      return true;
    }
    CompletableFuture<?> stage = Await.future((CompletionStage<Object>) outcome);
    if (isToBeAdopted(stage)) {
      AWAITED.setRelease(this, stage);
      state = ADOPTING;
      wake();
      return false;
    }
    if (stage.isDone()) {
      settle(stage);
      return true;
    }
    if (!link(stage)) {
      park(stage, FORWARDING);
    }
    return false;
  }

  /**
   * True on an executor that takes turns as ECMAScript does, if the body has returned a promise and
   * not a value: the promise is looked at one turn later (NewPromiseResolveThenableJob), and its
   * outcome comes one turn after that.
   */
  private static boolean isToBeAdopted(CompletableFuture<?> stage) {
    boolean promise = stage instanceof Task<?> ? !(stage instanceof Settled<?>) : !stage.isDone();
    if (!promise) {
      return false;
    }
    return takesTurns();
  }

  /** What a forwarding frame was parked on, complete; the frames linked to it have been told. */
  private CompletableFuture<?> forwarded() {
    if (awaited instanceof LinkedFrames links) {
      awaited = links.source;
      return links.settleAll(takeAwaited());
    }
    return takeAwaited();
  }

  @SuppressWarnings("unchecked")
  void settle(CompletableFuture<?> outcome) {
    if (outcome.isCompletedExceptionally()) {
      completeExceptionally(Await.failureOf(outcome));
    } else {
      boolean taken = complete((T) outcome.join());
      if (!taken && outcome instanceof Task<?> task) { // cancelled at the last moment
        abandon(task);
      }
    }
  }

  /**
   * What the frame is parked on. Asked by its executor while the frame is being scheduled, and so
   * is the executor's.
   */
  public final @Nullable CompletableFuture<?> awaited() {
    Object source = awaited instanceof LinkedFrames links ? links.source : awaited;
    return source instanceof Waiter waiter ? waiter.future : (CompletableFuture<?>) source;
  }

  /**
   * Less for one of two frames that one thread has parked on the same future, if it was the first.
   * To be asked when {@link #awaited} may be.
   */
  public final long awaitOrder() {
    Object source = awaited instanceof LinkedFrames links ? links.source : awaited;
    return source instanceof Waiter waiter ? waiter.order : -1; // whoever comes first has the slot
  }

  // ---- promise linking; see LinkedFrames

  /**
   * If another frame is parked on this one only to forward, parks it on the stage in place of this.
   *
   * @return false if there is none; this frame is still the caller's then
   */
  private boolean link(CompletableFuture<?> stage) {
    Frame<?> root = observed || !isLinkable() || takesTurns() ? null : waiterOf(this);
    // The state of a frame in a slot does not change; that it is still there, withdraw tells.
    if (root == null || root.state != FORWARDING || !withdraw(this, root)) {
      return false;
    }
    // Both frames are ours now. A canceller of the root that finds it nowhere leaves it to us: we
    // look whether it is cancelled once it is parked again.
    LinkedFrames links = root.awaited instanceof LinkedFrames made ? made : new LinkedFrames(root);
    links.source = null;
    AWAITED.setVolatile(root, links);
    links.add(this);
    AWAITED.setVolatile(this, links);
    // Whoever completes this frame from now on sees that it is linked, and tells the root. What
    // was completed before, we see here. In between both happens, and the same outcome is told
    // twice.
    if (isDone()) {
      AWAITED.setVolatile(this, null);
      links.removeNewest();
      root.parkOn(this, links);
      return false;
    }
    if (observed || waiterOf(this) != null) {
      links.hold(this);
    }
    root.parkOn(stage, links);
    return true;
  }

  /** On an executor that counts turns, an outcome takes one from each frame to the next. */
  private static boolean takesTurns() {
    Carrier carrier = Carrier.current();
    return carrier != null && carrier.alwaysSuspends();
  }

  /** False for a frame that has to be there until it is complete. */
  boolean isLinkable() {
    return true;
  }

  private boolean isLinked() {
    return AWAITED.getVolatile(this) instanceof LinkedFrames links && links.root != this;
  }

  /** Ends a frame that is linked to a root. Called by the root's owner. */
  void endLinked(CompletableFuture<?> outcome) {
    settleLinked(outcome);
    onEnd();
  }

  void settleLinked(CompletableFuture<?> outcome) {
    AWAITED.setVolatile(this, null); // or completing it would tell the root
    settle(outcome);
  }

  /** To be called after something was put where only this frame refers to it, or before. */
  private void noticeObserver() {
    if (!isDone()
        && !(boolean) OBSERVED.getAndSet(this, true)
        && AWAITED.getVolatile(this) instanceof LinkedFrames links
        && links.root != this) {
      links.hold(this);
    }
  }

  /** For a linked frame that someone else has completed. */
  private void tellRoot() {
    if (AWAITED.getVolatile(this) instanceof LinkedFrames links && links.root != this) {
      links.settleOutside(this);
    }
  }

  @Override
  public boolean complete(@Nullable T value) {
    boolean completed = super.complete(value);
    tellRoot();
    return completed;
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    boolean completed = super.completeExceptionally(error);
    tellRoot();
    return completed;
  }

  @Override
  public void obtrudeValue(@Nullable T value) {
    super.obtrudeValue(value);
    tellRoot();
  }

  @Override
  public void obtrudeException(Throwable error) {
    super.obtrudeException(error);
    tellRoot();
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    noticeObserver();
    return super.newIncompleteFuture();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    noticeObserver();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    noticeObserver();
    return super.minimalCompletionStage();
  }

  // ---- waking and cancelling

  /**
   * Schedules the frame on its executor. Called by whoever took it out of the slot in which it was
   * parked, once per suspension.
   */
  public final void wake() {
    Objects.requireNonNull(executor, "woken before it was ever parked").schedule(this);
  }

  /**
   * Completes the future with a {@link CancellationException} and makes the body see it: at the
   * await where it is parked, or at the next one where it parks. A Weft task that it is parked on
   * is cancelled as well, and so on down the chain; a loop, because chains are deep.
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    // The frames withdrawn on the way, the innermost first, linked by next: they are ours.
    Frame<?> owed = null;
    Task<?> task = this;
    boolean linked = false;
    while (task instanceof Frame<?> frame) {
      Object source = frame.cancelThis(mayInterruptIfRunning, linked);
      linked = source instanceof LinkedFrames;
      if (source instanceof LinkedFrames links) {
        task = links.root; // what this one forwarded to, the root is parked on
      } else if (source == null) {
        task = null;
      } else {
        frame.next = owed;
        owed = frame;
        task = taskOf(source);
      }
    }
    try {
      if (task != null) {
        task.cancel(mayInterruptIfRunning);
      }
    } finally {
      wakeAll(owed);
    }
    return isCancelled();
  }

  /**
   * Wakes frames that a canceller has withdrawn, after what each was parked on is complete. If one
   * ran before that, it might park there again, and the thread that parked it first, still at the
   * end of {@link #park}, would withdraw it a second time. And if an outer frame ran first, a
   * closing executor might think that with it all is over.
   */
  private static void wakeAll(@Nullable Frame<?> first) {
    for (Frame<?> frame = first; frame != null; ) {
      Frame<?> following = frame.next;
      frame.next = null;
      frame.wake();
      frame = following;
    }
  }

  /**
   * Cancels this frame alone.
   *
   * @param root true if it is cancelled on behalf of a frame that is linked to it, and so whether
   *     or not it is complete itself
   * @return what it was parked on, if that is where it was found; the caller then owes it a
   *     wake-up. For a linked frame, the root's {@link LinkedFrames}.
   */
  private @Nullable Object cancelThis(boolean mayInterruptIfRunning, boolean root) {
    boolean cancelled = !isDone() && super.cancel(mayInterruptIfRunning);
    if (!cancelled && !root) {
      return null;
    }
    VarHandle.fullFence(); // our completion before our look at where it is parked; see parkOn
    Object source = AWAITED.getAcquire(this);
    if (source instanceof LinkedFrames links) {
      if (links.root != this) {
        return links;
      }
      source = links.source;
    }
    // If not: running, queued or not started; it sees the cancellation by itself.
    return source != null && withdrawFrom(source) ? source : null;
  }

  private static @Nullable Task<?> taskOf(Object source) {
    Object future = source instanceof Waiter waiter ? waiter.future : source;
    return future instanceof Task<?> task ? task : null;
  }

  private boolean withdrawFrom(Object source) {
    return source instanceof Waiter waiter
        ? waiter.withdraw() != null
        : source instanceof Task<?> task && withdraw(task, this);
  }
}
