package dev.weft.frame;

import static dev.weft.frame.Link.BROUGHT;
import static dev.weft.frame.Link.ENTERED;
import static dev.weft.frame.Link.HEARD;
import static dev.weft.frame.Link.PENDING;

import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.context.ThreadBound;
import dev.weft.jfr.FlightSwitch;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a frame is run from one suspension point to the next, and how it ends.
 *
 * <pre>
 *   QUEUED --run-----&gt; RUNNING   by its executor, on the thread that took it off a queue
 *   RUNNING -----------&gt; PARKED    the body has parked ({@link Parking}): it is not ours any more
 *   RUNNING --settle---&gt; ENDED     the body has ended with a stage that is finished
 *   RUNNING --endWith--&gt; ENDED     it has thrown, or was cancelled before it started
 *   RUNNING -----------&gt; PARKED    it has ended with a stage that is not: FORWARDING, until that is;
 *                                  or its place is given up ({@link Linking})
 *   RUNNING -----------&gt; QUEUED    the same where promises take turns: ADOPTING, for one turn
 * </pre>
 *
 * All of it is called by the frame's owner, and by nobody else: one thread at a time, which got the
 * frame through a queue and a slot, each of which orders memory. So what belongs to the owner is
 * plain. Three things others may do meanwhile, each from any thread. They complete the future: the
 * compare-and-set in {@code decide} says who was first, and what the body returns afterwards is
 * dropped. They leave a token ({@link Cancellation}), which is looked for when the frame parks and
 * after its outcome is published. They come to await it: {@link #end} empties the slot when the
 * outcome is there, and {@code register} looks for the outcome when the slot is taken.
 */
final class Polling {
  private Polling() {}

  /** See {@link Frame#run}. */
  static void runInContext(Frame<?> frame) {
    LocalContext outer = LocalContext.current();
    LocalContext inner = frame.context;
    ClassLoader loader = LocalContext.enter(inner);
    LocalContext.set(inner);
    ThreadBound bound = LocalContext.boundIn(inner);
    @Nullable Object @Nullable [] before = ThreadBound.enter(bound);
    try {
      if (bound != null && bound.needsCall()) {
        bound.run(() -> poll(frame));
      } else {
        poll(frame);
      }
    } finally {
      ThreadBound.leave(before);
      LocalContext.set(outer);
      LocalContext.leave(loader);
    }
  }

  /** See {@link Frame#run}. */
  static void poll(Frame<?> frame) {
    if (FlightSwitch.isOn()) {
      FrameEvents.poll(frame);
    } else {
      pollUnrecorded(frame);
    }
  }

  /** Polls a frame, and tells nobody. */
  static void pollUnrecorded(Frame<?> frame) {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      if ((frame.flags & Frame.UNCONSTRAINED) != 0) {
        carrier.setUnconstrained(true);
      }
      carrier.polls(frame);
    }
    try {
      step(frame);
    } catch (Throwable error) {
      flushBorn(null);
      endWith(frame, error);
    }
  }

  /**
   * Runs a frame in the midst of another one's poll, by who has taken it out of the slot in which
   * it stood. The task that is polled remains the one that it was, and it is that one's coop
   * budget.
   */
  static void goOn(Frame<?> frame) {
    try {
      step(frame);
    } catch (Throwable error) {
      flushBorn(null);
      endWith(frame, error);
    }
  }

  private static void step(Frame<?> frame) {
    frame.polls++;
    frame.since = Ticks.now();
    int state = frame.state;
    if (state == Frame.FORWARDING) {
      settle(frame, Linking.forwarded(frame));
    } else if (state == Frame.ADOPTING) {
      CompletableFuture<?> adopted = (CompletableFuture<?>) Objects.requireNonNull(frame.awaited);
      Parking.park(frame, adopted, Frame.FORWARDING);
    } else if (state == 0 && frame.isDone()) {
      endWithout(frame, Cancellation.cancelled(null)); // before it started
    } else if (state == 0 && frame.take(PENDING)) {
      frame.set(HEARD);
      endWithout(frame, Cancellation.cancelled(null));
    } else {
      Object outcome = frame.resume();
      if (outcome != Frame.SUSPENDED) {
        finish(frame, outcome);
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

  // ---- the body has ended with a stage

  @SuppressWarnings("unchecked")
  private static void finish(Frame<?> frame, @Nullable Object outcome) {
    if (outcome == null) {
      flushBorn(null);
      endWith(frame, Await.nullStage());
      return;
    }
    if (outcome == frame) {
      flushBorn(null);
      endWith(
          frame,
          new IllegalStateException(
              "the async method returned its own future: it waits for itself"));
      return;
    }
    CompletableFuture<?> stage = Await.future((CompletionStage<Object>) outcome);
    flushBorn(stage);
    if (isToBeAdopted(stage)) {
      if (FlightSwitch.isOn()) {
        FrameEvents.leaves(stage); // it may go on before we come to wait for it
      }
      frame.setAwaited(stage);
      frame.state = Frame.ADOPTING;
      frame.wake();
    } else if (stage instanceof Task<?> task ? task.isFinished() : stage.isDone()) {
      settle(frame, stage);
    } else if (!Linking.link(frame, stage)) {
      if (takesTurns()) {
        Parking.park(frame, stage, Frame.FORWARDING);
      } else {
        Linking.forward(frame, stage, null);
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

  /** On an executor that counts turns, an outcome takes one from each frame to the next. */
  static boolean takesTurns() {
    Carrier carrier = Carrier.current();
    return carrier != null && carrier.alwaysSuspends();
  }

  // ---- the end

  /** Ends a frame as a stage has ended. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> void settle(Frame<T> frame, CompletableFuture<?> outcome) {
    if (outcome.isCompletedExceptionally()) {
      Throwable failure = Await.failureOf(outcome);
      AsyncTraces.returned(frame, outcome, failure);
      endWith(frame, failure);
      return;
    }
    // Claimed before anybody can see that we have it.
    Task<?> task = outcome instanceof Task<?> it ? AwaitedFuture.useOf(it) : null;
    if (task != null && !AwaitedFuture.claim(task)) {
      endWith(frame, AwaitedFuture.givenBack());
      return;
    }
    T value = (T) outcome.getNow(null);
    boolean first =
        task != null && Link.operationOf(task) != null
            ? settleClaimed(frame, task, value)
            : frame.endWithValue(value);
    Cancellation.afterOutcome(frame, first);
    end(frame);
  }

  /** Ends a frame with a value that its body has returned without a future around it. */
  @SuppressWarnings("unchecked")
  static void endWithValue(Frame<?> frame, @Nullable Object value) {
    flushBorn(null);
    Cancellation.afterOutcome(frame, ((Frame<@Nullable Object>) frame).endWithValue(value));
    end(frame);
  }

  /** With a value that we have claimed; false if it is not the outcome, and was given back. */
  private static <T extends @Nullable Object> boolean settleClaimed(
      Frame<T> frame, Task<?> task, T value) {
    Brought brought = Brought.by(frame, task);
    if (brought != null) {
      frame.setAwaited(brought);
      frame.set(BROUGHT);
    }
    boolean first = frame.settleWithValue(value);
    try {
      if (!first) { // cancelled at the last moment
        frame.setAwaited(null);
        if (brought == null || frame.take(BROUGHT)) {
          AwaitedFuture.unclaim(task);
        }
      }
    } finally {
      frame.settled();
    }
    return first;
  }

  /** The body has ended with a failure. */
  static void endWith(Frame<?> frame, Throwable error) {
    boolean halted = error instanceof HaltedError;
    if (!halted) {
      AsyncTraces.leaves(frame, error);
    }
    endWithout(frame, halted ? new RejectedExecutionException(error.getMessage(), error) : error);
  }

  /** A frame ends without its body, or with what was made for it: there is nothing to be traced. */
  static void endWithout(Frame<?> frame, Throwable outcome) {
    Cancellation.afterFailure(frame, frame.endWithFailure(outcome), outcome);
    end(frame);
  }

  /** The future has its outcome: those who keep account of the frame, and who await it. */
  private static void end(Frame<?> frame) {
    if ((frame.bits() & ENTERED) != 0) {
      Objects.requireNonNull(frame.executor).attached(frame);
    }
    frame.onEnd();
    frame.wakeAwaiters();
  }
}
