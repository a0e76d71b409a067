package dev.weft.frame;

import static dev.weft.frame.Link.ASKED;
import static dev.weft.frame.Link.DELIVERED;
import static dev.weft.frame.Link.FORCED;
import static dev.weft.frame.Link.HEARD;
import static dev.weft.frame.Link.LINKING;
import static dev.weft.frame.Link.ORIGIN;
import static dev.weft.frame.Link.PENDING;
import static dev.weft.frame.Link.TOLD;
import static dev.weft.frame.Link.UP;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a cancellation gets from the link that is cancelled to the innermost one, and out again. The
 * state of it is in the bits of the links; see there for each of them.
 *
 * <h2>A cancellation is a token</h2>
 *
 * It is at exactly one place: in the bits of one link ({@link Link#PENDING}), or in the hands of
 * one thread, which has taken it out of them by compare-and-set. It starts at the link that was
 * cancelled, the <em>origin</em>, and {@linkplain #descend goes down} from a link to the one that
 * it awaits, for as long as that is a call which nobody else awaits. Links on its way are {@link
 * Link#TOLD}. At the end of the way it is <em>delivered</em>: the frame is taken out of where it
 * waits and resumed, with a {@link TaskCancelledException}; or the operation that it waits for is
 * asked to {@linkplain Task#stop stop}, and when that ends without a value the frame gets the
 * exception in its place. From there on an exception that leaves a frame's body is the outcome that
 * the next outer frame sees, and no sooner than that body has ended. Only where that outcome would
 * not show it, because clean-up has failed with something else or somebody has completed the frame,
 * the token goes up beside it; see {@link #afterFailure}.
 *
 * <p>A frame that runs or is queued is not to be taken out of anything; the token waits in its bits
 * and is delivered when it next waits. If it ends before that, it {@linkplain #passUp hands the
 * token} to the link that awaits it.
 *
 * <pre>
 *   cancel(A):   A --awaits--&gt; B --awaits--&gt; C (parked on a sleep)
 *     token:     A    --&gt;      B    --&gt;      C   delivered: C resumes, then B, then A
 *
 *                A --awaits--&gt; B --awaits--&gt; C (running; then ends with a value)
 *     token:     A    --&gt;      B    --&gt;      C
 *                              B    &lt;--      C   C has ended; B gets its value and goes on
 *                              B   delivered at B's next await that would wait
 * </pre>
 *
 * <p>Each step writes where the token is now and then looks whether it can go on from there; who
 * parks a link writes where it waits and then looks for a token; who ends one publishes that and
 * then looks for a token. Writes and looks are volatile or separated by a full fence, so in each
 * pair one sees the other, and the compare-and-set decides who acts.
 *
 * <h2>One cancellation at a time</h2>
 *
 * A link that was told is not told again: clean-up may await, and nobody interrupts it. So a second
 * token, of a canceller further out, stops at the origin of the first ({@link Link#UP}) and goes on
 * to that one's awaiter when it has ended. There is never more than one that wants past the same
 * origin: whoever could send another was told by the one that is there.
 *
 * <h2>Who calls this</h2>
 *
 * {@link #markTold} and {@link #descend} any thread: a canceller, or who has parked a link in which
 * a token was left. {@link #afterOutcome} and {@link #afterFailure} who has ended a link's body, on
 * its thread, once.
 */
final class Cancellation {
  private Cancellation() {}

  /** What a method is told that was cancelled. */
  static TaskCancelledException cancelled(@Nullable Throwable cause) {
    return new TaskCancelledException("the task was cancelled", cause);
  }

  // ---- the way down

  /** Makes a link an origin, with a token that is yet to go on; false if it was told before. */
  static boolean markTold(Link<?> link) {
    while (true) {
      int before = link.bits();
      if ((before & TOLD) != 0) {
        return false;
      }
      if (link.casBits(before, before | TOLD | ORIGIN | PENDING)) {
        return true;
      }
    }
  }

  /**
   * Moves the token that is at a link as far down as it goes. A loop, because chains are deep.
   *
   * <p>While the token is in our hands the link may be woken, run, and end or be linked, and
   * whoever ends it finds no token. So when we have put it back we look whether that has happened;
   * from there nothing leads outwards any more, and the token starts again at its origin.
   */
  static void descend(Link<?> from) {
    Link<?> at = from;
    Link<?> origin = null;
    while (at != null) {
      Object source = at.source();
      if (source == null || (at.bits() & LINKING) != 0) {
        at = at.passToRoot(); // null: it runs, and looks when it parks
        origin = at;
        continue;
      }
      if (origin == null) {
        origin = origin(at);
      }
      boolean forced = (at.bits() & FORCED) != 0;
      if (origin == null || !(forced ? at.take(PENDING) : takeUnlessAsked(at))) {
        return; // it has ended, and who ended it looks; or it is where it belongs, or in hand
      }
      at = step(at, source, origin, forced);
    }
  }

  /**
   * One step of a token that is in our hands.
   *
   * @param at where it was taken out
   * @param source what that link waited for a moment ago
   * @return where to go on; null if the token is not ours any more
   */
  private static @Nullable Link<?> step(Link<?> at, Object source, Link<?> origin, boolean forced) {
    boolean stands = standsAt(at, source);
    Link<?> inner = stands ? innerLink(at, source) : null;
    if (inner != null) {
      int put = put(inner, forced);
      if (!isGone(inner)) {
        return put == UP ? null : inner;
      }
      // It ended meanwhile. If it has seen the token it has handed it up; else it is still ours.
      if (!inner.take(put)) {
        return null;
      }
    } else if (stands && !isOver(source)) {
      if (!forced) {
        // Before it is asked: it may have a value, and it may wake us at once. Nobody else takes
        // the token from then on, or who is woken by the end of what was asked would miss it.
        if (!putBack(at, ASKED)) {
          return restart(origin);
        }
        if (at.stopAwaited(source)) {
          // Or it has parked elsewhere, perhaps before it could see the token.
          return at.source() == source ? null : at;
        }
        if (!takeBackAsked(at)) {
          return null;
        }
      }
      if (!isOver(source) && letGoOf(at, source)) {
        return null;
      }
    }
    if (!putBack(at, 0)) {
      return restart(origin);
    }
    if (at.source() == source && (isOver(source) || !standsAt(at, source))) {
      return null; // it is about to stand there, and looks then; or it is being woken
    }
    return at; // it has parked, perhaps while the token was in our hands: once more
  }

  /**
   * Puts a token into the next inner link; where another one started, it waits for the end of that.
   *
   * @return the bit in which it is
   */
  private static int put(Link<?> inner, boolean forced) {
    while (true) {
      int before = inner.bits();
      boolean waits = (before & ORIGIN) != 0 && !forced;
      int put = waits ? UP : TOLD | PENDING | (forced ? FORCED : 0);
      if (inner.casBits(before, before | put)) {
        return waits ? UP : PENDING;
      }
    }
  }

  /**
   * Puts the token back where it was, with another bit; false if it has no place there any more and
   * is in hand.
   */
  private static boolean putBack(Link<?> at, int with) {
    at.set(PENDING | with);
    return !isGone(at) || !at.take(PENDING);
  }

  /** Takes the token, unless it waits for the end of what was asked to stop. */
  private static boolean takeUnlessAsked(Link<?> at) {
    while (true) {
      int before = at.bits();
      if ((before & (PENDING | ASKED)) != PENDING) {
        return false;
      }
      if (at.casBits(before, before & ~PENDING)) {
        return true;
      }
    }
  }

  /** Takes the token that waited for the end of what would not be asked; false if it has gone. */
  private static boolean takeBackAsked(Link<?> at) {
    while (true) {
      int before = at.bits();
      if (at.casBits(before, before & ~(PENDING | ASKED))) {
        return (before & PENDING) != 0;
      }
    }
  }

  private static Link<?> restart(Link<?> origin) {
    origin.set(PENDING); // if it has ended as well, that is the end of the token
    return origin;
  }

  /** Nothing waits at this link for a token any more. */
  private static boolean isGone(Link<?> link) {
    return link.hasEnded() || link.isLinked();
  }

  /**
   * Where the token that is at a link started: who has put it here waits for this link, and so on
   * outwards, for as long as this has not ended.
   */
  private static @Nullable Link<?> origin(Link<?> link) {
    Link<?> at = (link.bits() & PENDING) != 0 ? link : null;
    while (at != null && (at.bits() & ORIGIN) == 0) {
      at = AwaitedFuture.waiterOf(at) instanceof Link<?> outer ? outer : null;
    }
    return at;
  }

  /** The call that a link waits for, if nobody else does. */
  private static @Nullable Link<?> innerLink(Link<?> at, Object source) {
    return source instanceof Link<?> inner
            && inner.isChained()
            && at.passesOn()
            && !inner.hasEnded()
            && !inner.isLinked() // else its root waits for it as well
            && AwaitedFuture.isAwaitedOnlyBy(inner, at)
        ? inner
        : null;
  }

  /** True if it stands in the slot of what it waits for: not yet to park, and not being woken. */
  private static boolean standsAt(Link<?> at, Object source) {
    return source instanceof Waiter waiter
        ? waiter.holds(at)
        : source instanceof Task<?> task && AwaitedFuture.isAwaitedBy(task, at);
  }

  /** True if there is an outcome, so that who waits for it is being woken: it gets that first. */
  static boolean isOver(Object source) {
    if (source instanceof Waiter waiter) {
      CompletableFuture<?> future = waiter.future;
      return future == null || future.isDone();
    }
    if (source instanceof Link<?> link) {
      return link.hasEnded();
    }
    // A plain future in the place of its waiter was complete when it was to be awaited, or is to be
    // adopted.
    return source instanceof Task<?> task
        ? task.isFinished()
        : ((CompletableFuture<?>) source).isDone();
  }

  /** True if one of the links from one outwards to the end of its task has a bit set. */
  static boolean isSetOutwards(Link<?> from, int bit) {
    Link<?> at = from;
    while ((at.bits() & bit) == 0) {
      if (!at.isChained() || !(AwaitedFuture.waiterOf(at) instanceof Link<?> outer)) {
        return false;
      }
      at = outer;
    }
    return true;
  }

  // ---- where it is delivered

  /** Ends the waiting for what is not a call of this chain; false if the link is being woken. */
  private static boolean letGoOf(Link<?> at, Object source) {
    Task<?> task = Link.taskOf(source);
    boolean alone = task != null && AwaitedFuture.isAwaitedOnlyBy(task, at);
    if (!at.withdrawFrom(source)) {
      return false;
    }
    at.set(DELIVERED);
    if (task != null) {
      letGo(at, task, alone || isLeftByAll(task));
    }
    at.wake();
    return true;
  }

  /**
   * True if nobody awaits a task that has no outcome yet. Of two that let go of it at one time
   * neither was alone, and the later one finds this. (One that was woken stands in no slot either,
   * but then there is an outcome.)
   */
  private static boolean isLeftByAll(Task<?> task) {
    return AwaitedFuture.waiterOf(task) == null
        && AwaitedFuture.hasNoDependents(task)
        && !task.isDone();
  }

  /**
   * A link waits no longer for a task. What stands in front of others and is awaited by nobody now,
   * such as a shield, rests: else it would stay registered for as long as they live. A call behind
   * it goes on, and nobody else keeps account of that.
   */
  private static void letGo(Link<?> link, Task<?> task, boolean alone) {
    Task<?> at = task;
    while (at instanceof Relay<?> relay) {
      relay.restIfUnawaited();
      if (!(relay.stage instanceof Task<?> inner)) {
        return;
      }
      at = inner;
    }
    if (at instanceof Frame<?> call) {
      call.detach();
    } else if (alone && link.passesOn() && at == task && !(task instanceof Link<?>)) {
      AwaitedFuture.abandon(task);
    }
  }

  // ---- the way out

  /**
   * To be called after the outcome of a body was published: who is cancelling the link has either
   * seen that it ended or left a token that we see; then those who await it are to be woken, but
   * not yet.
   *
   * @param decided whether our outcome was the first; a compare-and-set that succeeded is a fence
   */
  static void afterOutcome(Link<?> ended, boolean decided) {
    if (!decided) {
      VarHandle.fullFence();
    }
    if ((ended.bits() & (PENDING | UP)) != 0) {
      passUp(ended);
    }
  }

  /**
   * The same where the body has failed. A cancellation that started further out and has reached
   * this body goes on with that failure. It goes up as a token where nobody would know it in that:
   * if the clean-up has failed with something else, or somebody has given this link another outcome
   * meanwhile.
   */
  static void afterFailure(Link<?> ended, boolean decided, Throwable error) {
    if ((ended.bits() & (HEARD | ORIGIN)) == HEARD) {
      if (!decided || !(error instanceof CancellationException)) {
        ended.set(PENDING);
      } else if (AwaitedFuture.waiterOf(ended) instanceof Link<?> outer
          && (outer.bits() & TOLD) != 0) {
        outer.set(HEARD);
      }
    }
    afterOutcome(ended, decided);
  }

  /** Hands a token that was not delivered to the link that awaits this one. */
  private static void passUp(Link<?> ended) {
    boolean pending = ended.take(PENDING);
    boolean up = ended.take(UP);
    boolean more = (ended.bits() & ORIGIN) != 0 ? up : pending || up;
    if (more && AwaitedFuture.waiterOf(ended) instanceof Link<?> outer) {
      outer.set(PENDING); // it still waits here, and is about to be woken
    }
  }

  /**
   * True if the failure of what a link waited for is to be seen as its own cancellation, if a token
   * is there. That of an operation, which was asked to stop: it ended for that reason, or failed on
   * its own account at that moment. That of a call which has heard of the cancellation and whose
   * clean-up has failed, or which was cancelled by somebody else as well.
   */
  static boolean isFailureOfOneTold(@Nullable Object source) {
    if (source instanceof Link<?> call) {
      return call.isCancelled() || ((call.bits() & HEARD) != 0 && call.isCompletedExceptionally());
    }
    return source instanceof Task<?> task && task.isCompletedExceptionally();
  }
}
