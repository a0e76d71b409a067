package dev.weft.stream;

import dev.weft.AsyncCloseable;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.frame.Await;
import dev.weft.frame.Settled;
import dev.weft.handoff.Present;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A source of elements and the operators behind it that need not wait themselves: one object for
 * all of them, so that an element runs through ten operators as through one, and the contracts of
 * {@link AsyncStream} are kept in one place.
 *
 * <h2>Who has it</h2>
 *
 * <pre>
 *   0      -&gt; BUSY      who asks for an element, or drains the stream
 *   BUSY   -&gt; 0         the same, when it has an outcome: at once, or at the end of its call
 *   any    -&gt; CLOSED    whoever closes it, once; nobody enters any more
 * </pre>
 *
 * All by one atomic operation each. Fields that are not volatile belong to who is BUSY, or, when it
 * is CLOSED and no longer BUSY, to who closes it. Who closes writes CLOSED and then reads {@link
 * #call}, which it tells that it is cancelled; who suspends writes {@link #call} and then reads
 * CLOSED. One of them sees the other. So a call under way has left this before the source is
 * closed. It may rest by then, as it is used again ({@link Fetcher}), or be told only then: it has
 * nothing to lose there, and nobody comes to use it.
 *
 * <p>A failure ends the stream: the source is closed, then the failure comes out, and after that
 * there is nothing any more. A cancellation of who waits does not: it lets go of what makes the
 * element, or ends it, and asks again when it is asked again. An element that has reached nobody is
 * given back, to be the next.
 */
final class Chain implements AsyncCloseable, Call.Body {
  private static final int BUSY = 1;
  private static final int CLOSED = 2;

  /** Suspended until there may be an element. */
  static final int WAITING = 1;

  /** Suspended until the source is closed. */
  static final int ENDING = 2;

  private static final Task<?> END = Settled.value(null);

  private static final VarHandle PHASE;

  static {
    try {
      PHASE = MethodHandles.lookup().findVarHandle(Chain.class, "phase", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Intake intake;
  private Stage[] stages = {};

  @SuppressWarnings("unused") // through PHASE
  private volatile int phase;

  /** The suspended call that is to be told when this is closed. */
  private volatile @Nullable Call call;

  /** What it, or who drains this, waits for. */
  private CompletableFuture<?> awaited = Intake.READY;

  /** There is nothing more to come but what these stages, from here on, have kept; -1 before. */
  private int flushing = -1;

  /** The failure that comes out when the source is closed. */
  private @Nullable Throwable failure;

  private Ready ready = new Ready(this);

  /** Waits for elements; null before the first wait. */
  private @Nullable Fetcher fetcher;

  /** An element that was given back, and how many stages it has passed. */
  private volatile @Nullable Object head;

  private int headFrom;

  private @Nullable Task<@Nullable Void> intakeClosing;

  // ---- closing; guarded by this

  private @Nullable Closing closing;
  private final Signal idle = new Signal();

  Chain(Intake intake) {
    this.intake = intake;
  }

  /** Puts an operator at the end. By its consumer, as it would ask for an element. */
  void add(Stage stage) {
    stages = Arrays.copyOf(stages, stages.length + 1);
    stages[stages.length - 1] = stage;
    if (stage.over) {
      flushing = stages.length;
    }
  }

  // ---- who has it

  /** Takes hold of this; false if another has it, or it is closed. */
  boolean enter() {
    return PHASE.compareAndSet(this, 0, BUSY);
  }

  boolean isClosed() {
    return (phase & CLOSED) != 0;
  }

  void leave() {
    call = null;
    int before = (int) PHASE.getAndBitwiseAnd(this, ~BUSY);
    if ((before & CLOSED) != 0) {
      idle.give();
    }
  }

  /** To be called before a call that has this is suspended, if closing this is to cancel it. */
  void suspending(Call suspended) {
    call = suspended;
    if (isClosed()) {
      suspended.request();
    }
  }

  static IllegalStateException inUse() {
    return new IllegalStateException(
        "a stream has one consumer at a time: next() was called before the element that was asked"
            + " for before had come, and was taken by await");
  }

  // ---- elements

  /** See {@link AsyncStream#next}. */
  Task<?> next() {
    if (!enter()) {
      return isClosed() ? END : Settled.failure(inUse());
    }
    Fetcher waiting = fetcher;
    if (ready.isInUse() || (waiting != null && waiting.isInUse())) {
      leave();
      return Settled.failure(inUse());
    }
    try {
      if (waiting != null) {
        waiting.rescue();
      }
      Object element = poll();
      if (element == Intake.WAIT) {
        return fetch();
      }
      if (element != null) {
        Task<?> holding = hold(element);
        leave();
        return holding;
      }
    } catch (Throwable error) {
      return failed(null, error);
    }
    return end(null);
  }

  /** Gives this to the call that waits for an element. */
  private Task<?> fetch() {
    Fetcher before = fetcher;
    Task<?> coming = before == null ? null : before.fetch();
    while (coming == null) {
      Fetcher another = new Fetcher(this);
      fetcher = another; // before it goes on, perhaps on another thread, and leaves this
      coming = another.fetch();
    }
    return coming;
  }

  private Task<?> hold(Object element) {
    if (!ready.put(element)) {
      ready = new Ready(this);
      ready.put(element);
    }
    ready.passed = stages.length; // before it is shown to anybody
    return ready;
  }

  @Override
  public Task<?> resume(Call resumed, int state, CompletableFuture<?> outcome) {
    return over(); // suspended once, in end
  }

  /** Throws what a call is told in place of the outcome of what it waited for, if it is. */
  void noteOutcome(CompletableFuture<?> outcome) {
    if (outcome != awaited) { // told that it is cancelled, or what is awaited would not be
      Await.take(outcome);
    }
  }

  /**
   * The next element. By who has this.
   *
   * @return null after the last one; {@link Intake#WAIT} if {@link #awaited} is to be awaited first
   */
  @Nullable Object poll() throws Exception {
    Object given = head;
    if (given != null) {
      head = null;
      boolean isTooMuch = flushing > headFrom; // for an operator that it has yet to pass
      Object element = isTooMuch ? Intake.SKIP : pass(headFrom, given);
      if (element != Intake.SKIP) {
        return element;
      }
    }
    while (flushing < 0) {
      Object element = intake.poll();
      if (element == Intake.WAIT) {
        awaited = intake.awaited();
        return element;
      }
      if (element == null) {
        flushing = 0;
        break;
      }
      element = pass(0, element);
      if (element != Intake.SKIP) {
        return element;
      }
      if (isClosed()) {
        throw closed();
      }
      if (!Await.isReady(Intake.READY)) {
        awaited = Await.YIELD;
        return Intake.WAIT;
      }
    }
    return flush();
  }

  static CancellationException closed() {
    return new CancellationException("the stream was closed");
  }

  CompletableFuture<?> awaited() {
    return awaited;
  }

  private Object pass(int from, Object element) throws Exception {
    Stage[] all = stages;
    Object at = element;
    for (int i = from; i < all.length; i++) {
      Stage stage = all[i];
      at = stage.apply(at);
      if (stage.over) {
        flushing = Math.max(flushing, i + 1);
      }
      if (at == Intake.SKIP) {
        break;
      }
    }
    return at;
  }

  private @Nullable Object flush() throws Exception {
    while (flushing < stages.length) {
      Object left = stages[flushing++].last();
      if (left != null) {
        Object element = pass(flushing, left);
        if (element != Intake.SKIP) {
          return element;
        }
      }
    }
    return null;
  }

  // ---- the end

  /** Who waited was cancelled, and goes. */
  void letGo(Throwable told) {
    intake.letGo(told);
  }

  static boolean isCancellation(Throwable error) {
    return error instanceof TaskCancelledException || error instanceof HaltedError;
  }

  Task<?> failed(@Nullable Call resumed, Throwable error) {
    if (isCancellation(error)) {
      letGo(error);
      leave();
      return Settled.thrown(error);
    }
    failure = error;
    return end(resumed);
  }

  /** Closes the source, and ends the call when that is closed. What that fails with, close says. */
  Task<?> end(@Nullable Call resumed) {
    flushing = stages.length;
    Task<@Nullable Void> closed = Closing.of(closeIntake());
    if (closed.isFinished()) {
      return over();
    }
    call = null; // it is not to be hurried
    return Call.suspend(Call.of(resumed, this), resumed != null, closed, ENDING);
  }

  Task<?> over() {
    Throwable error = failure;
    failure = null;
    leave();
    return error == null ? END : Settled.thrown(error);
  }

  private Task<@Nullable Void> closeIntake() {
    Task<@Nullable Void> closed = intakeClosing;
    if (closed == null) {
      try {
        closed = intake.close();
      } catch (Throwable error) {
        closed = Settled.failure(error);
      }
      intakeClosing = closed;
    }
    return closed;
  }

  /** {@inheritDoc} See {@link AsyncStream}. */
  @Override
  public Task<@Nullable Void> closeAsync() {
    Closing mine;
    boolean first = false;
    synchronized (this) {
      if (closing == null) {
        closing = new Closing();
        first = true;
      }
      mine = closing;
    }
    if (first) {
      int before = (int) PHASE.getAndBitwiseOr(this, CLOSED);
      if ((before & BUSY) == 0) {
        finish(mine);
      } else {
        idle.whenComplete((nothing, never) -> finish(mine));
        Call under = call;
        if (under != null && !under.isFinished()) {
          under.request();
        }
      }
    }
    return Closing.of(mine);
  }

  private void finish(Closing mine) {
    head = null;
    closeIntake().whenComplete((nothing, error) -> mine.end(error));
  }

  /** How many operators there are: so many has an element passed that comes out now. */
  int stages() {
    return stages.length;
  }

  /** An element has reached nobody, and is the next one. */
  void giveBack(Object element, int passed) {
    headFrom = passed;
    head = element;
  }

  /** An element for a consumer that need not wait. */
  private static final class Ready extends Present<Object> {
    private final Chain chain;

    /** How many operators what it holds has passed. */
    private int passed;

    Ready(Chain chain) {
      this.chain = chain;
    }

    @Override
    protected void giveBack(Object element) {
      chain.giveBack(element, passed);
    }
  }
}
