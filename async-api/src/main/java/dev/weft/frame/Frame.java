package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.HaltedError;
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
 * object that an async call allocates, and only if the call suspends at all. Longer than others,
 * because it is all of these in one object.
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
 * <p>A frame whose body ends with a stage that is not complete yet is parked on that, and ends with
 * it. If another frame is parked on this one to do no more than the same, it takes this one's
 * place, so that tail recursion leaves no chain of frames behind; see {@link LinkedFrames}.
 *
 * <p>Being completed is independent of this life: {@link #cancel} completes the future at once,
 * while the body has yet to run its {@code finally} blocks; what the body returns afterwards is
 * dropped. Who awaits the frame goes on when its body has ended, and not before. How the body is
 * told, {@link Link} says.
 *
 * @param <T> the type of the async method's result
 */
public abstract class Frame<T extends @Nullable Object> extends Link<T> implements Runnable {
  /** What {@link #resume} returns when the body has parked again. */
  public static final Task<?> SUSPENDED = Settled.value(null);

  /** The state of a frame whose body has ended with a stage that is not complete yet. */
  private static final int FORWARDING = -1;

  /** The state of a frame that is yet to look at the stage with which its body has ended. */
  private static final int ADOPTING = -2;

  /** How often a rejected body may go on after an await; then it is dropped where it stands. */
  private static final int MOST_RESUMPTIONS = 32;

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
  @SuppressWarnings("unused") // through OBSERVED
  private volatile boolean observed;

  /** True if it was called by {@code Async.unconstrained}, directly or not. */
  private boolean unconstrained;

  /** Where this frame is resumed: the executor on which it first suspended. */
  private @Nullable AsyncExecutor executor;

  /** The values of {@code AsyncLocal}s to be put back when the frame runs. */
  private @Nullable LocalContext context;

  /** Its place among the detached calls of its executor; see there. */
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
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.awaiting(future);
    }
    if (executor == null) {
      begin(carrier);
    } else if (LocalContext.isInUse()) {
      context = LocalContext.current();
    }
    parkOn(future, null);
  }

  /** The first suspension: from here on it belongs to an executor. */
  private void begin(@Nullable Carrier carrier) {
    AsyncExecutor home = carrier != null ? carrier.executor() : AsyncExecutor.currentOrShared();
    executor = home;
    context = LocalContext.captureFor(home.contextClassLoader());
    if (carrier != null) {
      unconstrained = carrier.isUnconstrained();
      if (carrier.isHalted()) {
        set(REJECTED);
      }
      carrier.born(this);
    } else {
      home.detached(this); // called outside any executor, so by nobody who awaits it
    }
  }

  /**
   * @param links where to note what this frame is parked on, if it is the root of linked frames
   */
  private void parkOn(CompletableFuture<?> future, @Nullable LinkedFrames links) {
    AsyncExecutor home = Objects.requireNonNull(executor, "parked before it began");
    boolean rejected = (bits() & REJECTED) != 0;
    if (rejected && !(future instanceof Link<?> call && call.isChained())) {
      setSource(future, links);
      home.schedule(this); // to be rejected again
      return;
    }
    if (future instanceof Task<?> task) {
      setSource(task, links);
      if (task.isFinished()) { // a yield, or the coop budget is spent
        if (task instanceof Frame<?> call) {
          call.observed = true; // this is to have the value, and stands where nobody sees it
        }
        yieldTo(home, task);
        return;
      }
      if (!register(task, this)) {
        home.schedule(this);
        return;
      }
      if (task instanceof Frame<?> frame && frame.isLinked()) {
        frame.noticeObserver();
      }
    } else if (future.isDone()) {
      setSource(future, links);
      yieldTo(home, future);
      return;
    } else {
      parkBehind(future, links);
    }
    parked();
    if (rejected && future instanceof Relay<?> relay) {
      relay.force(); // what it stands before may never end by itself
    }
  }

  private void setSource(Object source, @Nullable LinkedFrames links) {
    if (links == null) {
      setAwaited(source);
    } else {
      links.source = source;
    }
  }

  /**
   * What is awaited is complete; so it is a value, and not to be lost, unless it is a mere yield.
   */
  private void yieldTo(AsyncExecutor home, CompletableFuture<?> awaited) {
    if (awaited == Await.YIELD && take(PENDING)) {
      set(DELIVERED);
    }
    if (AsyncExecutor.current() == home) {
      home.scheduleYielded(this);
    } else {
      home.schedule(this);
    }
  }

  /** Registers as an ordinary dependent. */
  private void parkBehind(CompletableFuture<?> future, @Nullable LinkedFrames links) {
    Carrier carrier = Carrier.current();
    long order = carrier == null ? 0 : carrier.nextWaiter();
    Waiter idle = IdleWaiters.take(future);
    Waiter waiter = idle != null ? idle : new Waiter();
    setSource(waiter, links);
    waiter.arm(future, this, order);
    if (idle == null) {
      try {
        future.whenComplete(waiter);
      } catch (Throwable refused) { // a subclass of CompletableFuture with a will of its own
        waiter.fail(refused);
      }
    } else if (future.isDone() && waiter.withdraw(this)) {
      wake(); // its completer may have called it while it was idle
    }
  }

  /**
   * What the frame was parked on, complete. Called by the body when it is resumed, before anything
   * else. When a cancellation was delivered meanwhile, this is a failed future in its place, once.
   */
  public final CompletableFuture<?> takeAwaited() {
    Object source = awaited;
    awaited = null;
    if ((bits() & (DELIVERED | PENDING | ASKED | REJECTED)) != 0) {
      Throwable told = told(source);
      take(ASKED); // only now: nobody else was to take the token before
      if (told != null) {
        return Settled.thrown(told); // this method has it, and nobody else
      }
    }
    return outcomeOf(Objects.requireNonNull(source));
  }

  /** What the body is to be told in place of the outcome of what it awaited; null for that. */
  private @Nullable Throwable told(@Nullable Object source) {
    if (source instanceof Halt halt) {
      abandonUnlessLetGo(halt.source);
      return new HaltedError(halt.reason);
    }
    if (take(DELIVERED)) {
      set(HEARD);
      return cancelled(null);
    }
    if (source instanceof Task<?> task && isFailureOfOneTold(task) && take(PENDING)) {
      set(HEARD);
      Throwable failure = Await.failureOf(task);
      return cancelled(failure instanceof CancellationException ? null : failure);
    }
    return null;
  }

  /**
   * Runs the body from its suspension point to the next one or to its end.
   *
   * @return {@link #SUSPENDED}, after which the frame must not be touched; otherwise the stage that
   *     the body returned
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
      runInContext();
    } else {
      poll();
    }
  }

  private void runInContext() {
    LocalContext outer = LocalContext.current();
    ClassLoader loader = LocalContext.enter(context);
    LocalContext.set(context);
    try {
      poll();
    } finally {
      LocalContext.set(outer);
      LocalContext.leave(loader);
    }
  }

  private void poll() {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      if (unconstrained) {
        carrier.setUnconstrained(true);
      }
      carrier.polls(this);
    }
    try {
      step();
    } catch (Throwable error) {
      flushBorn(null);
      endWith(error);
    }
  }

  private void step() {
    if (state == FORWARDING) {
      settle(forwarded());
    } else if (state == ADOPTING) {
      park((CompletableFuture<?>) Objects.requireNonNull(awaited), FORWARDING);
    } else if (state == 0 && isDone()) {
      endWith(cancelled(null)); // before it started
    } else if (state == 0 && take(PENDING)) {
      set(HEARD);
      endWith(cancelled(null));
    } else {
      Object outcome = resume();
      if (outcome != SUSPENDED) {
        finish(outcome);
      }
    }
  }

  /** The body has ended. Perhaps on another carrier than it was polled on: it may have blocked. */
  private static void flushBorn(@Nullable Object awaited) {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.awaiting(awaited);
    }
  }

  /**
   * Called once, when the body has run to its end, was rejected, or was cancelled before it
   * started; the future has its outcome then, and those who await it are about to be woken. On the
   * thread that polled the frame last. Must not throw; does nothing by default.
   */
  protected void onEnd() {}

  /** The body has ended with a failure. */
  private void endWith(Throwable error) {
    markEnded();
    boolean halted = error instanceof HaltedError;
    Throwable outcome = halted ? new RejectedExecutionException(error.getMessage(), error) : error;
    afterFailure(decideExceptionally(outcome), outcome);
    end();
  }

  private void end() {
    if ((bits() & ENTERED) != 0) {
      Objects.requireNonNull(executor).attached(this);
    }
    onEnd();
    wakeAwaiters();
  }

  /**
   * Goes on with a frame that its executor does not poll any more, because it was halted: the body
   * is resumed with a {@link HaltedError} at its await, so that its {@code finally} blocks run;
   * each of their awaits throws it again. A frame that has not started does not start, and one that
   * only forwards has no body. To be called on a thread that is meant for this, with what {@code
   * schedule} got.
   */
  public final void reject(String reason) {
    if (state == FORWARDING || state == ADOPTING) {
      rejectForwarding(reason);
    } else if (state > 0 && countResumption() < MOST_RESUMPTIONS) {
      set(REJECTED);
      awaited = new Halt(awaited, reason);
      run();
    } else {
      abandonUnlessLetGo(awaited);
      endWith(new RejectedExecutionException(reason));
    }
  }

  /**
   * Ends a frame without its body, which does not go on: that of a program that has come to its
   * end, as Node has it.
   */
  public final void drop(String reason) {
    abandonUnlessLetGo(awaited);
    awaited = null;
    endWith(new RejectedExecutionException(reason));
  }

  /**
   * In place of what it waits for, in a frame that has ended with the value of an operation, for
   * one method alone. The operation keeps account of who has the value. While {@link #BROUGHT} is
   * set, one of its claims is the frame's own: the method may be halted before it takes the value.
   */
  record Brought(Task<?> operation) {}

  @Override
  final @Nullable Task<?> broughtBy() {
    return awaitedVolatile() instanceof Brought brought ? brought.operation : null;
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

  /**
   * True if the value that this frame is about to end with goes to one method at most, through
   * relays perhaps. As of now: who comes later sets {@code observed}, or claims the value when he
   * takes it and may find that it was given back.
   */
  private boolean hasOneTaker() {
    if (isDone() || !isChained()) { // it has another outcome; a task may be looked at later
      return false;
    }
    Link<?> at = this;
    while (!at.isLookedAt() && hasNoDependents(at)) {
      Awaiter awaiter = waiterOf(at);
      if (awaiter != null && !isAwaitedOnlyBy(at, awaiter)) {
        return false;
      }
      if (!(awaiter instanceof Relay<?> relay)) {
        return true;
      }
      at = relay;
    }
    return false;
  }

  /** What a rejected frame was parked on, and why it goes on. */
  record Halt(@Nullable Object source, String reason) {}

  private void rejectForwarding(String reason) {
    LinkedFrames links = awaited instanceof LinkedFrames mine ? mine : null;
    Object source = links != null ? links.source : awaited;
    CompletableFuture<?> outcome;
    boolean letGo = take(DELIVERED);
    boolean over = !letGo && source != null && isOver(source);
    if (over && !(outcomeReachesOnlyHalted() && taskOf(source) != null)) {
      outcome = outcomeOf(Objects.requireNonNull(source));
    } else {
      if (!letGo) {
        abandonOperation(source);
      }
      outcome = CompletableFuture.failedFuture(new RejectedExecutionException(reason));
    }
    awaited = null;
    settle(links != null ? links.settleAll(outcome) : outcome);
  }

  /**
   * True if what this frame ends with would reach methods of its own executor alone, which is
   * halted: they get a {@link HaltedError} in place of it. Whoever comes to look at this moment may
   * not be seen, and finds that the executor has rejected the frame.
   */
  private boolean outcomeReachesOnlyHalted() {
    Link<?> at = this;
    while (!at.isLookedAt() && !(at instanceof Spawn)) { // a task may be looked at later
      Awaiter awaiter = waiterOf(at);
      if (awaiter == null || !isAwaitedOnlyBy(at, awaiter)) {
        return false;
      }
      // The state of a frame in a slot does not change.
      if (awaiter instanceof Frame<?> frame && frame.state != FORWARDING) {
        return frame.executor == executor;
      }
      at = (Link<?>) awaiter;
    }
    return false;
  }

  @Override
  boolean isLookedAt() {
    return observed || (awaitedVolatile() instanceof LinkedFrames links && links.holdsAny());
  }

  /** Where a cancellation came first, that has left what this waited for to others. */
  private void abandonUnlessLetGo(@Nullable Object source) {
    if (!take(DELIVERED)) {
      abandonOperation(source);
    }
  }

  private void abandonOperation(@Nullable Object source) {
    Task<?> task = taskOf(source);
    if (task instanceof Link<?> link) {
      if (link.hasEnded()) {
        abandon(link); // a relay may have brought a value
      }
    } else if (task != null
        && hasNoDependents(task)
        && (waiterOf(task) == null || isAwaitedOnlyBy(task, this))) {
      abandon(task);
    }
  }

  /** True if it is resumed by an executor. */
  public final boolean belongsTo(AsyncExecutor home) {
    return executor == home;
  }

  /** Nobody awaits this call any more, but it goes on. */
  final void detach() {
    AsyncExecutor home = executor;
    if (home != null && isChained()) {
      home.detached(this);
    }
  }

  @SuppressWarnings("unchecked")
  private void finish(@Nullable Object outcome) {
    if (outcome == null) {
      flushBorn(null);
      endWith(Await.nullStage());
      return;
    }
    if (outcome == this) {
      flushBorn(null);
      endWith(
          new IllegalStateException(
              "the async method returned its own future: it waits for itself"));
      return;
    }
    CompletableFuture<?> stage = Await.future((CompletionStage<Object>) outcome);
    flushBorn(stage);
    if (isToBeAdopted(stage)) {
      setAwaited(stage);
      state = ADOPTING;
      wake();
    } else if (stage instanceof Task<?> task ? task.isFinished() : stage.isDone()) {
      settle(stage);
    } else if (!link(stage)) {
      if (takesTurns()) {
        park(stage, FORWARDING);
      } else {
        forward(stage, null);
      }
    }
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
      CompletableFuture<?> end = takeAwaited();
      CompletableFuture<?> outcome = links.settleAll(end);
      if (end.isCompletedExceptionally()
          && !outcome.isCompletedExceptionally()
          && (bits() & (HEARD | ORIGIN)) == HEARD) {
        set(PENDING); // as in afterFailure: a linked frame has an outcome of its own
      }
      return outcome;
    }
    return takeAwaited();
  }

  @SuppressWarnings("unchecked")
  void settle(CompletableFuture<?> outcome) {
    if (outcome.isCompletedExceptionally()) {
      endWith(Await.failureOf(outcome));
    } else {
      // Claimed before anybody can see that we have it.
      Task<?> task = outcome instanceof Task<?> it ? it : null;
      if (task != null && !claim(task)) {
        endWith(givenBack());
        return;
      }
      Task<?> operation = operationOf(task);
      Brought brought = operation != null && hasOneTaker() ? new Brought(operation) : null;
      if (brought != null) {
        setAwaited(brought);
        set(BROUGHT);
      }
      markEnded();
      boolean first = decide((T) outcome.getNow(null));
      if (!first && task != null) { // cancelled at the last moment
        setAwaited(null);
        if (brought == null || take(BROUGHT)) {
          unclaim(task);
        }
      }
      afterOutcome(first);
      end();
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
    if (observed || !isLinkable() || takesTurns() || (bits() & TOLD) != 0) {
      return false;
    }
    // The state of a frame in a slot does not change; that it is still there, withdraw tells.
    if (!(waiterOf(this) instanceof Frame<?> root)
        || root.state != FORWARDING
        || !withdraw(this, root)) {
      return false;
    }
    // Both frames are ours now. A canceller of either finds it nowhere and leaves its token in it:
    // we look when each has its place.
    LinkedFrames links = root.linksOrNew();
    links.source = null;
    root.takeIn(this, links);
    // A root that another frame has come to wait for, only to forward, is linked to that: it could
    // not be absorbed at that moment, because it was about to park.
    while (root.isLinkable()
        && !root.observed
        && waiterOf(root) instanceof Frame<?> outer
        && outer.state == FORWARDING
        && root.beginLinking()) {
      if (!withdraw(root, outer)) {
        root.take(LINKING); // it is not parked: what was left here, forward finds
        break;
      }
      links = outer.joinLinks(root, links);
      root = outer;
    }
    root.forward(stage, links);
    return true;
  }

  /** Links another root to this one, with all that is linked to it. Both are ours. */
  private LinkedFrames joinLinks(Frame<?> inner, @Nullable LinkedFrames its) {
    LinkedFrames links = linksOrNew();
    links.source = null;
    takeIn(inner, links);
    if (its != null) {
      its.source = null;
      links = links.join(its);
      setAwaitedVolatile(links);
    }
    return links;
  }

  private LinkedFrames linksOrNew() {
    if (awaited instanceof LinkedFrames made) {
      return made;
    }
    LinkedFrames made = new LinkedFrames(this);
    setAwaitedVolatile(made);
    return made;
  }

  /** Links a forwarding frame to this root. Both are ours. */
  private void takeIn(Frame<?> frame, LinkedFrames links) {
    links.add(frame);
    // Whoever observes or cancels the frame from now on sees that it is linked; what was before, we
    // see here. In between both happens, which does no harm.
    frame.setAwaitedVolatile(links);
    if (frame.observed || frame.isDone() || waiterOf(frame) != null) {
      links.hold(frame);
    }
    inheritTokens(frame);
  }

  @Override
  @Nullable Link<?> passToRoot() {
    Frame<?> root = awaitedVolatile() instanceof LinkedFrames links ? links.root() : this;
    if (root == this || (bits() & ORIGIN) == 0 || !take(PENDING)) {
      return null;
    }
    if ((bits() & FORCED) != 0) {
      root.set(TOLD | ORIGIN | PENDING | FORCED);
      return root;
    }
    return root.markTold() ? root : null;
  }

  private void inheritTokens(Frame<?> frame) {
    boolean pending = frame.take(PENDING);
    boolean up = frame.take(UP);
    boolean own = (frame.bits() & ORIGIN) != 0;
    if (up || (pending && !own)) {
      set(PENDING);
    } else if (pending) {
      request();
    }
  }

  /**
   * Parks this frame to forward a stage. If that is itself a frame which forwards and is parked
   * already, because it ended on another thread before its caller came to park on it, it is linked
   * to this one, with all that is linked to it. Else each such case would leave a frame for good in
   * an async tail recursion.
   */
  private void forward(CompletableFuture<?> stage, @Nullable LinkedFrames made) {
    LinkedFrames links = made; // what this is the root of
    CompletableFuture<?> end = stage;
    while (end instanceof Frame<?> inner && inner.isLinkable() && !inner.observed) {
      Object source = inner.source();
      if (source == null || inner.state != FORWARDING || waiterOf(inner) != null) {
        break;
      }
      CompletableFuture<?> next =
          source instanceof Waiter waiter ? waiter.future : (CompletableFuture<?>) source;
      if (next == null || !inner.beginLinking()) {
        break; // a cancellation that started there has gone further in, and is to end there
      }
      if (!inner.withdrawFrom(source)) {
        inner.take(LINKING);
        inner.parked();
        break;
      }
      // Ours as well. It may have got an observer meanwhile: takeIn looks.
      links = joinLinks(inner, inner.awaited instanceof LinkedFrames its ? its : null);
      end = next;
    }
    state = FORWARDING;
    parkOn(end, links);
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

  /** Ends a frame that is linked to a root. Called by the root's owner. */
  void endLinked(CompletableFuture<?> outcome) {
    setAwaitedVolatile(null);
    if (waiterOf(this) != null) {
      observed = true; // who awaits it has the value, and so has the next outer one
    }
    settle(outcome);
  }

  /** To be called after something was put where only this frame refers to it, or before. */
  private void noticeObserver() {
    if (!isDone() && !(boolean) OBSERVED.getAndSet(this, true)) {
      hold();
    }
  }

  /** What is about to hang on this has the value, or will have it. */
  private void observeByStage() {
    noticeObserver();
    claimIfThere();
  }

  private void hold() {
    if (awaitedVolatile() instanceof LinkedFrames links && links.root() != this) {
      links.hold(this);
    }
  }

  /** {@inheritDoc} What a linked frame would wait for, its root does. */
  @Override
  public void request() {
    super.request();
    hold(); // it may have an outcome of its own now, which the outer ones get
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

  /**
   * Schedules the frame on its executor. Called by whoever took it out of the slot in which it was
   * parked, once per suspension.
   */
  @Override
  public final void wake() {
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
    while (at instanceof Relay<?> relay && relay != future) {
      at = waiterOf(relay);
    }
    if (at == null) {
      detach();
    }
  }
}
