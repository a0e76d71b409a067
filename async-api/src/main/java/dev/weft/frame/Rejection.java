package dev.weft.frame;

import static dev.weft.frame.Link.DELIVERED;
import static dev.weft.frame.Link.REJECTED;

import dev.weft.HaltedError;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a frame ends that its executor does not poll any more. Called by the executor, on a thread
 * that is meant for this, with a frame that was given to {@code schedule}: so it is out of every
 * slot, and the caller owns it as who polls it would.
 *
 * <pre>
 *   QUEUED --reject--&gt; RUNNING   with a {@link HaltedError} at its await, so that its {@code finally}
 *                                blocks run; each of their awaits comes back here
 *   QUEUED --reject--&gt; ENDED     if it has not started, only forwards, or will not end
 *   QUEUED --reject--&gt; QUEUED    on another one, if it was about to come from there: {@link Move}
 *   QUEUED --drop----&gt; ENDED     without its body, whatever that was at
 * </pre>
 */
final class Rejection {
  /** How often a rejected body may go on after an await; then it is dropped where it stands. */
  private static final int MOST_RESUMPTIONS = 32;

  private Rejection() {}

  /** What a rejected frame was parked on, and why it goes on. */
  record Halt(@Nullable Object source, String reason) {}

  /** See {@link Frame#reject}. */
  static void reject(Frame<?> frame, String reason) {
    if (Move.refused(frame, reason)) {
      return;
    }
    if (frame.state == Frame.FORWARDING || frame.state == Frame.ADOPTING) {
      rejectForwarding(frame, reason);
    } else if (frame.state > 0 && frame.countResumption() < MOST_RESUMPTIONS) {
      frame.set(REJECTED);
      frame.awaited = new Halt(frame.awaited, reason);
      frame.run();
    } else {
      abandonUnlessLetGo(frame, frame.awaited);
      Polling.endWithout(frame, new RejectedExecutionException(reason));
    }
  }

  /** See {@link Frame#drop}. */
  static void drop(Frame<?> frame, String reason) {
    if (Move.refused(frame, reason)) {
      return;
    }
    abandonUnlessLetGo(frame, frame.awaited);
    frame.awaited = null;
    Polling.endWithout(frame, new RejectedExecutionException(reason));
  }

  /** What a rejected body is told when it is resumed. */
  static HaltedError told(Frame<?> frame, Halt halt) {
    abandonUnlessLetGo(frame, halt.source);
    return new HaltedError(halt.reason);
  }

  private static void rejectForwarding(Frame<?> frame, String reason) {
    LinkedFrames links = frame.awaited instanceof LinkedFrames mine ? mine : null;
    Object source = links != null ? links.source : frame.awaited;
    CompletableFuture<?> outcome;
    boolean letGo = frame.take(DELIVERED);
    if (!letGo
        && source != null
        && Cancellation.isOver(source)
        && !(outcomeReachesOnlyHalted(frame) && Link.taskOf(source) != null)) {
      outcome = Link.outcomeOf(source);
    } else {
      if (!letGo) {
        abandonOperation(frame, source);
      }
      outcome = CompletableFuture.failedFuture(new RejectedExecutionException(reason));
    }
    frame.awaited = null;
    Polling.settle(frame, links != null ? links.settleAll(outcome) : outcome);
  }

  /**
   * True if what a frame ends with would reach methods of its own executor alone, which is halted:
   * they get a {@link HaltedError} in place of it. Whoever comes to look at this moment may not be
   * seen, and finds that the executor has rejected the frame.
   */
  private static boolean outcomeReachesOnlyHalted(Frame<?> ending) {
    Link<?> at = ending;
    while (!at.isLookedAt() && !(at instanceof Spawn)) { // a task may be looked at later
      Awaiter awaiter = AwaitedFuture.waiterOf(at);
      if (awaiter == null || !AwaitedFuture.isAwaitedOnlyBy(at, awaiter)) {
        return false;
      }
      // The state of a frame in a slot does not change.
      if (awaiter instanceof Frame<?> frame && frame.state != Frame.FORWARDING) {
        return Guest.hostOf(frame.executor) == Guest.hostOf(ending.executor);
      }
      at = (Link<?>) awaiter;
    }
    return false;
  }

  /** Where a cancellation came first, that has left what the frame waited for to others. */
  private static void abandonUnlessLetGo(Frame<?> frame, @Nullable Object source) {
    if (!frame.take(DELIVERED)) {
      abandonOperation(frame, source);
    }
  }

  private static void abandonOperation(Frame<?> frame, @Nullable Object source) {
    Task<?> task = Link.taskOf(source);
    if (task instanceof Link<?> link) {
      if (link.hasEnded()) {
        AwaitedFuture.abandon(link); // a relay may have brought a value
      }
    } else if (task != null
        && AwaitedFuture.hasNoDependents(task)
        && (AwaitedFuture.waiterOf(task) == null || AwaitedFuture.isAwaitedOnlyBy(task, frame))) {
      AwaitedFuture.abandon(task);
    }
  }
}
