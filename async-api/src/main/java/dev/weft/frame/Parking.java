package dev.weft.frame;

import static dev.weft.frame.Link.ASKED;
import static dev.weft.frame.Link.DELIVERED;
import static dev.weft.frame.Link.HEARD;
import static dev.weft.frame.Link.PENDING;
import static dev.weft.frame.Link.REJECTED;

import dev.weft.AsyncExecutor;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.jfr.FlightSwitch;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a frame is given up until something is complete, and what its body sees when it goes on.
 *
 * <pre>
 *   RUNNING --register--&gt; PARKED  in the slot of a task, or in a {@link Waiter} behind a future
 *   RUNNING --schedule--&gt; QUEUED  what it awaits is complete: a yield, the coop budget is spent, or
 *                                 it came to an end while the frame was being registered
 *   PARKED  --wake------&gt; QUEUED  by who has taken it out of the slot, on whatever thread
 *   RUNNING --move------&gt; QUEUED  on another executor: {@link Move}
 *   QUEUED  --takeAwaited-&gt; RUNNING, see {@link Polling}
 * </pre>
 *
 * {@link #park} is called by the frame's owner: the body, on the thread that polls the frame (or
 * runs its first part), and {@link Linking}, for a frame that it has taken out of its slot. Where
 * the frame is to stand is written before it stands there, for whoever takes it out; after {@code
 * register} or {@code schedule} the owner touches it no more, but for {@link Link#parked}: a token
 * that came before the frame stood anywhere is in its bits, and who left it there found no slot to
 * take it from. The slot is written by compare-and-set, then the bits are read; the canceller
 * writes the bits and then reads the slot. One of them sees the other, and the token has one taker.
 */
final class Parking {
  private Parking() {}

  /** See {@link Frame#park}. */
  static void park(Frame<?> frame, CompletableFuture<?> future, int nextState) {
    frame.state = nextState;
    if (FlightSwitch.isOn()) {
      FrameEvents.suspends(frame, nextState, future);
    }
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.awaiting(future);
    }
    if (frame.executor == null) {
      begin(frame, future, carrier);
    } else if (LocalContext.isInUse()) {
      frame.context = LocalContext.capture();
    }
    parkOn(frame, future, null);
  }

  /** The first suspension: from here on it belongs to an executor. */
  private static void begin(
      Frame<?> frame, CompletableFuture<?> future, @Nullable Carrier carrier) {
    AsyncExecutor home =
        carrier != null
            ? carrier.executor()
            : future instanceof Move move ? move.target() : AsyncExecutor.currentOrShared();
    frame.executor = home;
    frame.context = LocalContext.captureFor(home.contextClassLoader());
    if (carrier != null) {
      frame.takeUnconstrained(carrier);
      if (carrier.isHalted()) {
        frame.set(REJECTED);
      }
    }
    if (future instanceof Pause) {
      return; // its consumer has it
    }
    if (carrier != null) {
      carrier.born(frame);
    } else {
      home.detached(frame); // called outside any executor, so by nobody who awaits it
    }
  }

  /**
   * Parks a frame that belongs to an executor and has its next state.
   *
   * @param links where to note what it is parked on, if it is the root of linked frames
   */
  static void parkOn(Frame<?> frame, CompletableFuture<?> future, @Nullable LinkedFrames links) {
    AsyncExecutor home = Objects.requireNonNull(frame.executor, "parked before it began");
    frame.since = Ticks.now();
    boolean rejected = (frame.bits() & REJECTED) != 0;
    if (rejected && !(future instanceof Link<?> call && call.isChained())) {
      frame.setSource(future, links);
      home.schedule(frame); // to be rejected again
      return;
    }
    if (future instanceof Task<?> task) {
      frame.setSource(task, links);
      if (task.isFinished()) { // a yield, or the coop budget is spent
        if (task instanceof Move move && !move.isHere()) {
          moveTo(move, home, frame);
          return;
        }
        if (task instanceof Frame<?> call) {
          call.observed = true; // this is to have the value, and stands where nobody sees it
        }
        yieldTo(home, frame, task);
        return;
      }
      if (task instanceof Pause pause) {
        pause.leaveAccount(frame);
      }
      if (!AwaitedFuture.register(task, frame)) {
        home.schedule(frame);
        return;
      }
      if (task instanceof Pause pause) {
        pause.onPaused();
      } else if (task instanceof Frame<?> call && call.isLinked()) {
        Linking.noticeObserver(call);
      }
    } else if (future.isDone()) {
      frame.setSource(future, links);
      yieldTo(home, frame, future);
      return;
    } else {
      Carrier carrier = Carrier.current();
      Waiter.hang(frame, future, carrier == null ? 0 : carrier.nextWaiter(), links);
    }
    frame.parked();
    if (rejected && future instanceof Relay<?> relay) {
      relay.force(); // what it stands before may never end by itself
    }
  }

  /** One that is cancelled by now stays where it is, and is told. */
  private static void moveTo(Move move, AsyncExecutor from, Frame<?> frame) {
    if (frame.take(PENDING)) {
      frame.set(DELIVERED);
      from.schedule(frame);
    } else {
      move.queue(frame, from);
    }
  }

  /**
   * What is awaited is complete; so it is a value, and not to be lost, unless it is a mere yield.
   */
  private static void yieldTo(AsyncExecutor home, Frame<?> frame, CompletableFuture<?> awaited) {
    if (awaited == Await.YIELD && frame.take(PENDING)) {
      frame.set(DELIVERED);
    }
    if (AsyncExecutor.current() == Guest.hostOf(home)) {
      home.scheduleYielded(frame);
    } else {
      home.schedule(frame);
    }
  }

  /** See {@link Frame#takeAwaited}. */
  static CompletableFuture<?> takeAwaited(Frame<?> frame) {
    Object source = frame.awaited;
    frame.awaited = null;
    if ((frame.bits() & (DELIVERED | PENDING | ASKED | REJECTED)) != 0) {
      Throwable told = told(frame, source);
      frame.take(ASKED); // only now: nobody else was to take the token before
      if (told != null) {
        if (!(told instanceof HaltedError)) { // of which each call of a chain gets one of its own
          AsyncTraces.told(frame, told);
        }
        return Settled.thrown(told); // this method has it, and nobody else
      }
    }
    CompletableFuture<?> outcome = Link.outcomeOf(Objects.requireNonNull(source));
    AsyncTraces.resumed(frame, outcome);
    return outcome;
  }

  /** What the body is to be told in place of the outcome of what it awaited; null for that. */
  private static @Nullable Throwable told(Frame<?> frame, @Nullable Object source) {
    if (source instanceof Rejection.Halt halt) {
      return Rejection.told(frame, halt);
    }
    if (frame.take(DELIVERED)) {
      frame.set(HEARD);
      return Cancellation.cancelled(null);
    }
    if (source instanceof Move && frame.take(PENDING)) { // on its way, which it need not wait for
      frame.set(HEARD);
      return Cancellation.cancelled(null);
    }
    if (source instanceof Task<?> task
        && Cancellation.isFailureOfOneTold(task)
        && frame.take(PENDING)) {
      frame.set(HEARD);
      Throwable failure = Await.failureOf(task);
      return Cancellation.cancelled(failure instanceof CancellationException ? null : failure);
    }
    return null;
  }
}
