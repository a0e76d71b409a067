package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.frame.Pause;
import dev.weft.frame.Settled;
import dev.weft.handoff.Recurring;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The stream that a woven generator method returns: its body, and how far that has come. Woven code
 * makes it; programs see an {@link AsyncStream}, whose {@link AsyncStream#emit} tells how to write
 * one.
 *
 * <pre>{@code
 * static AsyncStream<Integer> numbers(int limit) {
 *   for (int i = 0; i < limit; i++) {
 *     AsyncStream.emit(i);
 *   }
 *   return AsyncStream.end();
 * }
 * }</pre>
 *
 * <h2>The stages of a generator</h2>
 *
 * <pre>
 *   NEW     -&gt; INLINE    next: calls the body
 *   IDLE    -&gt; INLINE    next: runs the body on, which stands at an emit ({@link Pause})
 *   INLINE  -&gt; EMITTED   the body, at an emit: next is about to look
 *   EMITTED -&gt; IDLE      next, with the element
 *   INLINE  -&gt; AWAITED   next: the body has suspended at something else, so its consumer waits
 *   AWAITED -&gt; IDLE      the body, at an emit, which hands the element over
 *   AWAITED -&gt; EMITTED   the same where the consumer was cancelled meanwhile
 *   AWAITED -&gt; INLINE    next, after that
 *   NEW     -&gt; ENDED     close: the body never runs
 *   any     -&gt; ENDED     the end of the body
 * </pre>
 *
 * By compare-and-set; from and to AWAITED, and to ENDED, under the lock, because {@link #upcoming}
 * goes with it. One thread at a time is in {@code next}, and one runs the body; both may be at it
 * at once only while the one is about to return a task that waits for the other. An element that is
 * ready costs no lock and no allocation, one that is waited for no allocation.
 *
 * <h2>Choices</h2>
 *
 * The body runs on the thread that calls {@code next}, up to the first await that is not ready, and
 * then on the executor of its consumer, whose coop budget it spends: as C#'s async iterators and
 * Kotlin's {@code flow} do, and unlike Kotlin's {@code produce}, which has a coroutine of its own.
 * It sees the {@code AsyncLocal}s of its consumer; what it sets itself lasts until the next emit.
 *
 * <p>Cancelling {@code next} cancels the body, at whatever it awaits; closing does so at the emit.
 * Either way a {@link dev.weft.TaskCancelledException} is thrown there, the {@code finally} blocks
 * run, and the stream has ended. A body that swallows it and emits again gets it at each emit. What
 * is neither read to its end nor closed is garbage like any other object, and its {@code finally}
 * blocks do not run; so it is in C#, JavaScript and Kotlin.
 *
 * @param <T> the type of the elements
 */
@SuppressWarnings("NullAway") // a field of type T is null where there is no element
public final class Generator<T> extends Pause implements AsyncStream<T> {
  /**
   * The body of a generator method, with its arguments.
   *
   * <pre>{@code
   * static AsyncStream<String> names() { // woven: return Generator.of(names's code, as one of these)
   *   AsyncStream.emit("Ada");
   *   return AsyncStream.end();
   * }
   * }</pre>
   *
   * @param <T> the type of the elements
   */
  @FunctionalInterface
  public interface Body<T> {
    /** Runs it, as an async method runs. */
    CompletionStage<?> run(Generator<T> generator);
  }

  private static final int NEW = 0;
  private static final int INLINE = 1;
  private static final int EMITTED = 2;
  private static final int IDLE = 3;
  private static final int AWAITED = 4;
  private static final int ENDED = 5;

  private static final Task<?> END = Settled.value(null);
  private static final AsyncStream<?> END_OF_BODY = new EndOfBody<>();

  private static final VarHandle STAGE;

  static {
    try {
      STAGE = MethodHandles.lookup().findVarHandle(Generator.class, "stage", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int stage;
  private volatile boolean closed;

  /** The body has caught a cancellation and gone on to its next element. */
  private volatile boolean survived;

  /** Null when it was called. */
  private @Nullable Body<T> code;

  /** Written by the body before it pauses. */
  private @Nullable T element;

  /** Came back from one who did not take it after all: the next one's. */
  private volatile @Nullable T returned;

  private @Nullable GeneratedElement<T> present;
  private @Nullable Upcoming<T> upcoming;

  /** True if {@link #upcoming} waits already, and nobody has it. */
  private boolean spare;

  /** Under the lock; and read after ENDED. */
  private @Nullable Throwable failure;

  private @Nullable Closing closings;

  private Generator(Body<T> code) {
    this.code = code;
  }

  // ---- what woven code calls

  /** The stream of a body, which has yet to begin. */
  public static <T> AsyncStream<T> of(Body<T> body) {
    return new Generator<>(body);
  }

  /**
   * Hands out an element.
   *
   * @return what the body is to await
   * @throws NullPointerException if the element is null
   */
  public static <T> Task<@Nullable Void> emit(T element, Generator<T> generator) {
    Objects.requireNonNull(element, "emit(null): null is the end of a stream");
    if (generator.wasTold()) {
      generator.emitsAfterCancel();
    }
    generator.element = element;
    return generator;
  }

  /**
   * The body has caught a cancellation and goes on. If its consumer has asked for an element, it
   * may have one. If it has not (IDLE, or EMITTED, with the element before still here), nobody is
   * there to get it, and the consumer may be about to take that one: so nothing is written.
   */
  private void emitsAfterCancel() {
    int now = stage;
    if (closed || now == IDLE || now == EMITTED) {
      throw cancelled();
    }
    survived = true;
  }

  /**
   * What {@code end()} becomes: the result of the body, which is complete, and a stream by type.
   */
  @SuppressWarnings("unchecked") // it has no elements
  public static <T> AsyncStream<T> end() {
    return (AsyncStream<T>) END_OF_BODY;
  }

  // ---- the body

  @Override
  protected CompletionStage<?> call() {
    Body<T> body = Objects.requireNonNull(code);
    code = null; // what its arguments hold may be garbage before it ends
    return body.run(this);
  }

  /**
   * {@inheritDoc} Who closes sets {@link #closed} and then looks whether a body stands here that
   * will not be told a second time; the body comes here and then looks whether it was closed.
   */
  @Override
  protected void onPaused() {
    if (!move(INLINE, EMITTED)) {
      handOver();
    }
    if (closed) {
      endWhereItStands();
    }
  }

  private void handOver() {
    Upcoming<T> waiting = null;
    T handedOver = element;
    synchronized (this) {
      if (stage == AWAITED) {
        waiting = upcoming;
        if (waiting != null && waiting.claim()) {
          element = null;
          stage = IDLE;
        } else {
          waiting = null;
          stage = EMITTED;
        }
      } else if (!move(INLINE, EMITTED)) {
        return; // ENDED: it was cancelled here
      }
    }
    if (waiting != null) {
      waiting.grant(handedOver);
    }
  }

  @Override
  protected void onEnd(@Nullable Throwable error) {
    Upcoming<T> waiting = null;
    Closing ending;
    synchronized (this) {
      if (stage == AWAITED && upcoming != null && upcoming.claim()) {
        waiting = upcoming;
      }
      failure = error;
      stage = ENDED;
      element = null;
      ending = closings;
      closings = null;
    }
    if (waiting != null) {
      if (error == null) {
        waiting.grant(null);
      } else {
        waiting.refuse(error);
      }
    }
    for (; ending != null; ending = ending.next) {
      ending.end(error);
    }
  }

  // ---- its consumer

  @Override
  public Task<@Nullable T> next() {
    T back = returned;
    if (back != null) {
      returned = null;
      return there(back);
    }
    while (true) {
      int now = stage;
      if (now == NEW) {
        if (move(NEW, INLINE)) {
          begin();
          if (closed) { // before there was anything to cancel
            requestEnd();
          }
          return reached();
        }
      } else if (now == IDLE) {
        if (move(IDLE, INLINE)) {
          resume(); // if not, it is on its way to its end
          return reached();
        }
      } else if (now == INLINE || (now == AWAITED && !takeOver())) {
        return busy();
      } else { // EMITTED, as the one for whom it was is gone; ENDED
        return reached();
      }
    }
  }

  /** The one that was to get the element was cancelled: it is for the next one. */
  private synchronized boolean takeOver() {
    if (stage == AWAITED) {
      if (upcoming != null && upcoming.isInUse()) {
        return false;
      }
      stage = INLINE;
    }
    return true;
  }

  private static <T> Task<T> busy() {
    return Settled.failure(
        new IllegalStateException("next() was called before the task of the one before has ended"));
  }

  /** What there is for the consumer, when the body is given up. */
  private Task<@Nullable T> reached() {
    if (stage == INLINE) {
      Upcoming<T> waiting = renewed();
      synchronized (this) {
        upcoming = waiting;
        spare = !move(INLINE, AWAITED);
      }
      if (!spare) {
        keepAccount();
        return waiting;
      }
    }
    T next = element;
    if (move(EMITTED, IDLE)) {
      element = null; // the consumer's alone
      return there(next);
    }
    return ended();
  }

  @Override
  protected synchronized @Nullable Task<?> promised() {
    return stage == AWAITED ? upcoming : null;
  }

  private Upcoming<T> renewed() {
    Upcoming<T> before = upcoming;
    if (before != null && ((spare && before.isInUse()) || before.renew())) {
      return before;
    }
    return new Upcoming<>(this);
  }

  private Task<@Nullable T> there(@Nullable T next) {
    GeneratedElement<T> held = present;
    if (held == null || !held.put(next)) {
      held = new GeneratedElement<>(this);
      held.put(next);
      present = held;
    }
    return held;
  }

  @SuppressWarnings("unchecked")
  private Task<@Nullable T> ended() {
    Throwable error;
    synchronized (this) {
      error = failure;
    }
    return error == null ? (Task<@Nullable T>) END : Settled.failure(error);
  }

  /** An element has reached nobody, and is the next one. */
  void giveBack(@Nullable T value) {
    if (value != null && !closed) {
      returned = value;
    }
  }

  // ---- closing

  @Override
  public Task<@Nullable Void> closeAsync() {
    closed = true;
    returned = null;
    Closing closing;
    synchronized (this) {
      if (stage == NEW && move(NEW, ENDED)) {
        failure = cancelled();
        code = null;
      }
      if (stage == ENDED) {
        return ended(null);
      }
      closing = new Closing(closings);
      closings = closing;
    }
    requestEnd();
    endWhereItStands();
    return closing;
  }

  @SuppressWarnings("unchecked")
  private static Task<@Nullable Void> ended(@Nullable Throwable error) {
    return error == null ? (Task<@Nullable Void>) END : Settled.failure(error);
  }

  private boolean move(int from, int to) {
    return STAGE.compareAndSet(this, from, to);
  }

  /** One that is waited for. */
  private static final class Upcoming<T> extends Recurring<@Nullable T> {
    private final Generator<T> source;

    Upcoming(Generator<T> source) {
      this.source = source;
    }

    @Override
    protected @Nullable Frame<?> maker() {
      return source.body();
    }

    /**
     * {@inheritDoc} When the body has run to its end, or comes to an element all the same. One that
     * went on after a cancellation is told no more: it is let go of, and what it still emits is for
     * the next one who asks.
     */
    @Override
    protected boolean stop() {
      source.requestEnd();
      return !source.survived;
    }

    @Override
    protected void onWithdrawn() {
      source.requestEnd();
    }

    @Override
    protected void giveBack(@Nullable T value) {
      source.giveBack(value);
    }
  }

  /** What waits for the end of a body that was closed. */
  private static final class Closing extends Task<@Nullable Void> {
    final @Nullable Closing next;

    Closing(@Nullable Closing next) {
      this.next = next;
    }

    void end(@Nullable Throwable error) {
      if (error == null || error instanceof CancellationException) {
        complete(null);
      } else {
        completeExceptionally(error);
      }
    }

    /** {@inheritDoc} When the body has run to its end, which is under way. */
    @Override
    protected boolean stop() {
      return true;
    }
  }
}
