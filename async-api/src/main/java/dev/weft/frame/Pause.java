package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of a generator stands between two elements: the task that it awaits at an {@code
 * emit}. It never ends. Whoever wants the next element takes the body's frame out of the waiter
 * slot and runs it, on his own thread, as a call of an async method runs on its caller's: no
 * executor comes between. For {@code dev.weft.stream}.
 *
 * <pre>
 *   RUNNING --park----&gt; PARKED    in the slot of this, and nowhere else: no executor knows of it,
 *                                  so what nobody holds any more is garbage
 *   PARKED  --resume--&gt; RUNNING   on the thread of who wants the next element
 *   PARKED  --cancel--&gt; QUEUED    on its executor, as with any other await
 * </pre>
 *
 * Who takes the frame out of the slot, by compare-and-set, owns it; see {@link Frame}. This stands
 * in the waiter slot of the frame in turn, and so hears of the body's end.
 *
 * <p>{@code Generator} is one; a program has those as streams:
 *
 * <pre>{@code
 * static AsyncStream<Integer> evens(int limit) {
 *   for (int i = 0; i < limit; i += 2) {
 *     AsyncStream.emit(i); // the body pauses, until its consumer asks for more
 *   }
 *   return AsyncStream.end();
 * }
 * }</pre>
 */
public abstract class Pause extends Task<@Nullable Void> implements Awaiter {
  /** The body's frame, from when it has first suspended. */
  private volatile @Nullable Frame<?> body;

  /** One whose body has not begun. */
  protected Pause() {}

  /** Calls the body. On the thread that begins it. */
  protected abstract CompletionStage<?> call();

  /**
   * The body stands here. On its thread, which has given it up: it may run again already, or be on
   * its way to its end because it was cancelled.
   */
  protected abstract void onPaused();

  /**
   * The body has run to its end. Called once, on its thread.
   *
   * @param failure what it has failed with; null if it has not
   */
  protected abstract void onEnd(@Nullable Throwable failure);

  // ---- running it

  /** Runs the body, for the first time, until it pauses, suspends elsewhere, or ends. */
  protected final void begin() {
    LocalContext outer = LocalContext.current();
    CompletionStage<?> stage;
    try {
      stage = call();
    } catch (Throwable error) { // of one that awaits and emits nothing, which is no async method
      onEnd(error);
      return;
    } finally {
      leave(outer);
    }
    if (stage instanceof Frame<?> frame) {
      body = frame;
      if (register(frame, this)) {
        return;
      }
    }
    CompletableFuture<?> outcome = Await.future(stage);
    if (!outcome.isDone()) {
      throw new IllegalStateException("the body of a generator was not woven: " + stage);
    }
    end(outcome);
  }

  /**
   * Runs the body on, until it pauses again, suspends elsewhere, or ends.
   *
   * @return false if it does not stand here: somebody has cancelled it
   */
  protected final boolean resume() {
    Frame<?> frame = body;
    if (frame == null || !withdraw(this, frame)) {
      return false;
    }
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      frame.executor = carrier.executor(); // if it suspends, it goes on where its consumer does
      frame.takeUnconstrained(carrier);
    }
    if (!LocalContext.isInUse()) {
      Polling.goOn(frame);
      return true;
    }
    LocalContext outer = LocalContext.current();
    try {
      Polling.goOn(frame);
    } finally {
      leave(outer);
    }
    return true;
  }

  /** What the body has set is its own, until it next waits for its consumer. */
  private static void leave(@Nullable LocalContext outer) {
    if (LocalContext.isInUse()) {
      LocalContext.set(outer);
    }
  }

  /** The body's frame; null if it has not suspended yet. What {@link #maker} is for elements. */
  protected final @Nullable Frame<?> body() {
    return body;
  }

  /**
   * What the consumer has while the body waits elsewhere, if there is one: who awaits that awaits
   * the body. From any thread.
   */
  protected abstract @Nullable Task<?> promised();

  /**
   * To be called when the body was resumed and has suspended elsewhere. Whose consumer awaits what
   * is {@link #promised} at once is known by way of that one; else, and outside any executor, where
   * nobody may know of the consumer, the body is a call that its executor keeps account of.
   */
  protected final void keepAccount() {
    Frame<?> frame = body;
    if (frame == null) {
      return;
    }
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.born(frame);
      return;
    }
    AsyncExecutor home = frame.executor;
    if (home != null) {
      home.detached(frame);
    }
  }

  /** The body is about to stand here, where its executor need not know of it. By its owner. */
  final void leaveAccount(Frame<?> frame) {
    AsyncExecutor home = frame.executor;
    if (home != null && (frame.bits() & Link.ENTERED) != 0) {
      home.attached(frame);
      frame.take(Link.DETACHED);
    }
  }

  // ---- ending it

  /**
   * Cancels the body: see {@link Link#request}. From any thread; nothing if it is not suspended.
   */
  protected final void requestEnd() {
    Frame<?> frame = body;
    if (frame != null) {
      frame.request();
    }
  }

  /**
   * Has a body that was told before, and so hears of no other cancellation, go on with one from
   * here, if it stands here. From any thread.
   */
  protected final void endWhereItStands() {
    Frame<?> frame = body;
    if (frame != null && wasTold() && withdraw(this, frame)) {
      frame.set(Link.DELIVERED);
      frame.wake();
    }
  }

  /** True if the body was told that it is cancelled, or is about to be. */
  protected final boolean isTold() {
    Frame<?> frame = body;
    return frame != null && (frame.bits() & Link.TOLD) != 0;
  }

  /** True if the body was told that it is cancelled, and goes on all the same. */
  protected final boolean wasTold() {
    Frame<?> frame = body;
    return frame != null && (frame.bits() & (Link.HEARD | Link.PENDING)) == Link.HEARD;
  }

  /** What a body is told that was cancelled. */
  protected static RuntimeException cancelled() {
    return Cancellation.cancelled(null);
  }

  /** The body has ended. */
  @Override
  public final void wake() {
    Frame<?> frame = body;
    if (frame != null) {
      end(frame);
    }
  }

  private void end(CompletableFuture<?> outcome) {
    onEnd(outcome.isCompletedExceptionally() ? Await.failureOf(outcome) : null);
  }

  // ---- what the await at an emit asks

  /** {@inheritDoc} Never. */
  @Override
  public final boolean isFinished() {
    return false;
  }

  /** {@inheritDoc} For the body, which is resumed. */
  @Override
  @SuppressWarnings("NullAway") // the type of this is a Void that is null
  public final @Nullable Void join() {
    return null;
  }
}
