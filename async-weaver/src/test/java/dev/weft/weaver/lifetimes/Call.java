package dev.weft.weaver.lifetimes;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import dev.weft.sync.ChannelClosedException;
import dev.weft.weaver.lifetimes.Tree.Failure;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Opening;
import dev.weft.weaver.lifetimes.Tree.Shape;
import dev.weft.weaver.lifetimes.Tree.Step;
import dev.weft.weaver.lifetimes.Tree.Wrap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call that the interpreter makes: where it stands, and whether that may be.
 *
 * <p>The interpreter tells it when its code goes on ({@link #begin}, {@link #back}, {@link
 * #failed}, {@link #cleaning}, {@link #here}) and when it is about to wait.
 */
public final class Call {
  /** What a call that opens a resource awaits first. */
  private static final List<Kind> OPENED_BEHIND =
      List.of(Kind.PLAIN, Kind.SLEEP, Kind.TASK, Kind.BLOCKING, Kind.YIELD, Kind.READY);

  private final Ledger ledger;
  private final int number;
  private final Tree tree;
  private final @Nullable Call caller;
  private final Step step;
  private final Chain chain;

  /** What is to be cancelled if this call is; known once it has first suspended. */
  private final CompletableFuture<CompletableFuture<Integer>> handle = new CompletableFuture<>();

  /** Somebody cancels it, or is about to. */
  private volatile boolean cancelled;

  /** A cancellation was seen here: perhaps no other one will be. */
  private volatile boolean told;

  private volatile boolean cleaning;
  private volatile boolean begun;
  private volatile boolean ended;
  private volatile boolean returned;
  private volatile @Nullable Call tail;

  /** In which it was forked. */
  private @Nullable Family family;

  // Of the code that runs. Plain: handing them over from one thread to the next is Weft's business.
  private @Nullable Step awaitedStep;
  private @Nullable Call awaitedCall;
  private boolean hasValue;
  private boolean left;

  private Call(
      Ledger ledger, Tree tree, @Nullable Call caller, Step step, Chain chain, boolean cleaning) {
    this.ledger = ledger;
    this.tree = tree;
    this.caller = caller;
    this.step = step;
    this.chain = chain;
    this.cleaning = cleaning;
    number = ledger.created(this);
  }

  static Call root(Ledger ledger, Tree tree) {
    Step step = new Step(Kind.SPAWN, Wrap.NONE, tree, 0);
    return new Call(ledger, tree, null, step, new Chain(), false);
  }

  // ---- what the interpreter asks

  public Tree tree() {
    return tree;
  }

  /** A step of the body; nothing if there are less. */
  public Step step(int number) {
    return number < tree.body().size() ? tree.body().get(number) : Step.NOTHING;
  }

  /** A step of the clean-up; nothing if there are less. */
  public Step cleanup(int number) {
    return number < tree.cleanup().size() ? tree.cleanup().get(number) : Step.NOTHING;
  }

  // ---- what it tells: running

  public void begin() {
    chain.take(this);
    Family others = family;
    if (others != null && others.isOver()) {
      violation("begins when the scope it belongs to is closed");
    }
    begun = true;
    ledger.note(this, "begins");
  }

  /** Its code runs on, after whatever it awaited last, and does not know how that ended. */
  public void here() {
    if (!left) {
      chain.take(this);
      Call callee = awaitedCall;
      if (callee != null && step(awaitedStep).isAlwaysAwaited()) {
        callee.mustHaveEnded(this);
      }
      forgetAwaited();
    }
  }

  private static Waiting step(@Nullable Step step) {
    return new Waiting(step == null ? Step.NOTHING : step);
  }

  /** As {@link #here}, in a finally block. */
  public void cleaning() {
    here();
    cleaning = true;
    ledger.note(this, "cleans up");
  }

  /** An await has brought a value. */
  public int back(@Nullable Integer value) {
    chain.take(this);
    Step awaited = awaitedStep;
    Call callee = awaitedCall;
    forgetAwaited();
    if (awaited == null) {
      violation("was resumed and awaited nothing");
      return 0;
    }
    if (callee != null) {
      callee.mustHaveEnded(this);
    }
    int brought = value == null ? 0 : value;
    try {
      int expected = Tree.valueOf(awaited);
      if (brought != expected) {
        violation("got " + brought + " instead of " + expected + " from " + awaited.kind());
      }
    } catch (Failure failure) {
      violation("got " + brought + " instead of " + failure + " from " + awaited.kind());
    }
    return brought;
  }

  /** An await, or the code itself, has failed. */
  public void failed(Throwable error) {
    if (left) {
      return;
    }
    chain.take(this);
    Step awaited = awaitedStep;
    Call callee = awaitedCall;
    forgetAwaited();
    if (awaited == null) {
      return; // seen already, further in
    }
    ledger.note(this, "gets " + error);
    Waiting waiting = new Waiting(awaited);
    if (callee != null && waiting.isEndedAfter(error)) {
      callee.mustHaveEnded(this);
    }
    if (error instanceof TaskCancelledException) {
      if (!mayBeCancelled()) {
        violation("is cancelled by nobody, at " + awaited.kind());
      }
      if (callee != null && waiting.keepsValues() && callee.hasBroughtValue()) {
        violation("has lost the value of " + callee);
      }
      markTold();
    } else if (!isExpected(error, awaited)) {
      violation("gets " + error + " from " + awaited.kind());
    } else if (error instanceof TimeoutException
        && callee != null
        && waiting.keepsValues()
        && callee.hasBroughtValue()) {
      violation("has lost the value of " + callee + " to a limit");
    }
  }

  /** As {@link #failed}; to be thrown. */
  public RuntimeException passing(Throwable error) {
    failed(error);
    hasValue = false;
    throw Call.<RuntimeException>sneaky(error);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneaky(Throwable error) throws E {
    throw (E) error;
  }

  /** What a call that bears with much makes of it: the value that it should have been. */
  public int instead(Exception error) {
    Step awaited = awaitedStep;
    failed(error);
    boolean own = error instanceof TaskCancelledException;
    boolean borne =
        own
            ? tree.swallows()
            : error instanceof CancellationException || error instanceof TimeoutException;
    if (!borne || awaited == null) {
      throw Call.<RuntimeException>sneaky(error);
    }
    return Tree.valueOf(awaited);
  }

  /** It returns a value, unless its clean-up fails. */
  public CompletableFuture<Integer> done(int value) {
    here();
    hasValue = true;
    return Async.done(value);
  }

  /** The clean-up was not cut short. */
  public void cleaned() {
    here();
    returned = hasValue;
  }

  public void end() {
    here();
    ledger.note(this, "ends");
    ended = true;
    if (!left) {
      left = true;
      chain.leave(this);
    }
  }

  // ---- what it tells: about to wait

  /** It is about to await a tree. */
  public Call calls(Step awaited) {
    Tree called = tree(awaited);
    boolean own = new Waiting(awaited).hasOwnChain();
    Call callee = new Call(ledger, called, this, awaited, own ? new Chain() : chain, cleaning);
    awaits(awaited, callee);
    return callee;
  }

  /** It calls a tree that it will not await, or not now. */
  public Call callsAside(Step aside) {
    return new Call(ledger, tree(aside), this, aside, new Chain(), cleaning);
  }

  /** It has children. */
  public Family family() {
    return new Family(this, ledger);
  }

  /** It forks a child. */
  Call forks(Step child, Family others) {
    Call callee = callsAside(child);
    callee.family = others;
    return callee;
  }

  /** It is about to await the lock that its first step names. */
  public CompletableFuture<AsyncMutex.Held> lock() {
    AsyncMutex mutex = ledger.locks().mutex(step(0).number());
    awaits(step(0), null);
    return mutex.lock();
  }

  /** It is about to await permits of a semaphore. */
  public CompletableFuture<AsyncSemaphore.Permit> permits() {
    AsyncSemaphore semaphore = ledger.locks().semaphore(step(0).number());
    awaits(step(0), null);
    return semaphore.acquire(ledger.locks().wanted(tree));
  }

  /** It has what it has just awaited, until that is closed. */
  public Locks.Turn has() {
    here();
    return ledger.locks().enter(this);
  }

  /** It ends with a call. */
  public Call endsWith(Step last) {
    Call callee = new Call(ledger, tree(last), this, last, chain, cleaning);
    tail = callee;
    left = true;
    hasValue = true;
    returned = true;
    chain.leave(this);
    return callee;
  }

  /** It is about to await a resource; see {@link Opening}. */
  public Call opens(int number) {
    Opening opening = tree.openings().get(number);
    Wrap wrap =
        switch (opening) {
          case ASYNC, BLOCKING -> Wrap.NONE;
          case LIMITED_ASYNC, LIMITED_BLOCKING -> Wrap.LIMIT;
          case CANCELLING_ASYNC -> Wrap.CANCELLING;
        };
    Kind first = OPENED_BEHIND.get((tree.id() + number) % OPENED_BEHIND.size());
    List<Step> body = List.of(new Step(first, Wrap.NONE, null, tree.id()));
    Tree open = new Tree(-1, Shape.LINE, List.of(), body, List.of(), false, false);
    boolean blocking = opening == Opening.BLOCKING || opening == Opening.LIMITED_BLOCKING;
    Step waiting = new Step(blocking ? Kind.BLOCKING : Kind.CALL, wrap, open, tree.id());
    Call callee = new Call(ledger, open, this, waiting, chain, cleaning);
    awaits(waiting, callee);
    return callee;
  }

  /** How this call is awaited. */
  public Step step() {
    return step;
  }

  // ---- sockets

  /** It is about to await an operation of a socket. */
  public <T extends @Nullable Object> CompletableFuture<T> io(CompletableFuture<T> operation) {
    awaits(Step.NOTHING, null);
    return operation;
  }

  /** An await has brought a connection. */
  public <S extends AutoCloseable> S connected(S stream) {
    here();
    return stream;
  }

  private static Tree tree(Step step) {
    Tree called = step.tree();
    if (called == null) {
      throw new AssertionError(step);
    }
    return called;
  }

  /** It is about to await what is no tree. */
  public CompletableFuture<Integer> operation(Step operation) {
    return Operation.start(this, operation, ledger);
  }

  /** It is about to await something. The last thing before the await. */
  public void awaits(Step awaited, @Nullable Call callee) {
    awaitedStep = awaited;
    awaitedCall = callee;
    ledger.trouble().step(ledger);
    chain.leave(this);
  }

  private void forgetAwaited() {
    awaitedStep = null;
    awaitedCall = null;
  }

  /** The future of this call. */
  public <F extends CompletableFuture<Integer>> F known(F future) {
    handle.complete(future);
    return future;
  }

  // ---- resources

  public Resource acquire() {
    return ledger.acquire();
  }

  /** An opening returns what it has acquired. */
  public Task<Resource> opened() {
    here();
    hasValue = true;
    return Async.done(ledger.acquire());
  }

  /** An await has brought a resource. */
  public Resource owns(Resource resource) {
    chain.take(this);
    resource.ownedBy(this);
    Call callee = awaitedCall;
    if (callee != null) {
      callee.mustHaveEnded(this);
    }
    forgetAwaited();
    chain.acquired(resource);
    return resource;
  }

  void releasing(Resource resource) {
    here();
    if (!chain.released(resource)) {
      violation("releases " + resource + " before what was acquired later");
    }
  }

  // ---- what others do to it

  /** Cancels it, as soon as there is something to be cancelled. */
  public void cancel() {
    cancelled = true;
    ledger.note(this, "is cancelled");
    handle.thenAccept(future -> future.cancel(true));
  }

  /** Gives it its outcome from outside, which cancels the body. */
  void complete() {
    int value;
    try {
      value = tree.value();
    } catch (Failure failure) {
      return; // would be the same with another method
    }
    cancelled = true;
    ledger.note(this, "is completed");
    handle.thenAccept(future -> future.complete(value));
  }

  // ---- the rules

  boolean hasBegun() {
    return begun;
  }

  boolean hasEnded() {
    Call last = tail;
    return ended && (last == null || !last.begun || last.hasEnded());
  }

  /** True if somebody has cancelled it or what it ends with, or has completed that. */
  boolean wasCancelled() {
    Call last = tail;
    return cancelled || (last != null && last.wasCancelled());
  }

  /** True if it has come to a value, which only its clean-up can take from it. */
  boolean hasValue() {
    return hasValue;
  }

  boolean hasBroughtValue() {
    Call last = tail;
    return returned && !cancelled && (last == null || last.hasBroughtValue());
  }

  void mustHaveEnded(Call awaiting) {
    if (begun && !hasEnded()) {
      awaiting.violation("goes on before " + this + " has ended");
    }
  }

  private @Nullable Call outer() {
    return caller != null && new Waiting(step).passesOn() ? caller : null;
  }

  /** True if there is a reason why an await here may be cancelled. */
  boolean mayBeCancelled() {
    if (ledger.isClosing()) {
      return true;
    }
    for (Call at = this; at != null; at = at.outer()) {
      if (at.cancelled || new Waiting(at.step).isLimited() || at.isStoppedByFamily()) {
        return true;
      }
    }
    return false;
  }

  private boolean isStoppedByFamily() {
    Family others = family;
    return others != null && others.mayStop(this);
  }

  private void markTold() {
    int origins = 0;
    for (Call at = this; at != null; at = at.outer()) {
      origins +=
          (at.cancelled ? 1 : 0)
              + (new Waiting(at.step).isLimited() ? 1 : 0)
              + (at.isStoppedByFamily() ? 1 : 0);
    }
    for (Call at = this; at != null; at = at.outer()) {
      at.told = true;
      if (at.cancelled && origins == 1) {
        return; // it started there and has got no further
      }
    }
  }

  /**
   * Whom to cancel for an await here to be cancelled; null if one of the calls may have been told
   * before, and so might not be told again.
   *
   * @param distance how far out
   */
  @Nullable Call target(int distance) {
    if (ledger.isClosing()) {
      return null;
    }
    Call target = this;
    int further = distance;
    for (Call at = this; at != null; at = at.outer()) {
      if (at.told || at.cancelled || at.cleaning || at.ended) {
        return null;
      }
      if (further-- >= 0 && at.tree.id() >= 0) {
        target = at;
      }
      if (at.step.kind() == Kind.LATER || at.step.kind() == Kind.FORK) {
        break; // it is not awaited yet, perhaps, and then its caller's cancellation does not reach
        // it
      }
    }
    return target.tree.id() < 0 ? null : target;
  }

  /** True if an await here is sure to be cancelled by the scope that this call is a child in. */
  boolean isEndedByFamily() {
    for (Call at = this; at != null && !ledger.isClosing(); at = at.outer()) {
      boolean hears = !at.told && !at.cancelled && !at.cleaning && !at.ended;
      if (!hears || at.tree.swallows() || at.step.kind() == Kind.LATER) {
        return false;
      }
      Family others = at.family;
      if (others != null) {
        return others.surelyStops(at);
      }
    }
    return false;
  }

  private boolean isExpected(Throwable error, Step awaited) {
    boolean called = awaited.tree() != null;
    if (error instanceof Failure failure) {
      try {
        Tree.valueOf(awaited);
        return false;
      } catch (Failure expected) {
        return expected.number == failure.number;
      }
    } else if (error instanceof CancellationException) {
      // A call that was started and not awaited yet is the executor's to cancel.
      boolean blocking = awaited.kind() == Kind.BLOCKING || awaited.kind() == Kind.NEVER_BLOCKING;
      return called || (blocking && ledger.isClosing());
    } else if (error instanceof ChannelClosedException) {
      Family others = family;
      return awaited.kind() == Kind.SEND && others != null && others.isLeft();
    } else if (error instanceof TimeoutException) {
      return called || new Waiting(awaited).isLimited();
    }
    return ledger.isHalting();
  }

  void violation(String what) {
    ledger.violation(this + " " + what);
  }

  @Override
  public String toString() {
    return tree.id() < 0
        ? "the opening of " + caller
        : tree.shape() + " " + tree.id() + " (call " + number + ")";
  }
}
