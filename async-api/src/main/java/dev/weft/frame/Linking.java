package dev.weft.frame;

import static dev.weft.frame.Link.FORCED;
import static dev.weft.frame.Link.HEARD;
import static dev.weft.frame.Link.LINKING;
import static dev.weft.frame.Link.ORIGIN;
import static dev.weft.frame.Link.PENDING;
import static dev.weft.frame.Link.TOLD;
import static dev.weft.frame.Link.UP;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a frame whose body has ended with an unfinished stage gives its place to the frame that waits
 * for it only to do the same. What for, and why nobody who observes a linked frame is lost, {@link
 * LinkedFrames} says.
 *
 * <pre>
 *   RUNNING --link----&gt; linked   its root, taken out of its slot, is parked on the stage instead
 *   RUNNING --forward-&gt; PARKED   as a root, FORWARDING; an inner frame that forwards already, and
 *   PARKED  ----------&gt; linked   nobody has come for, is taken out of its slot and linked to it
 *   linked  --endLinked-&gt; ENDED   when the root is polled, on that thread
 * </pre>
 *
 * {@link #link}, {@link #forward} and {@link #forwarded} are called by the frame's owner while it
 * polls it. Whatever other frame they change, they have taken out of its slot first, by
 * compare-and-set, so it is theirs too: nobody polls it or parks it meanwhile. Others look:
 * cancellers and observers of a frame that is moved, from any thread. A canceller finds it nowhere
 * and leaves its token in it, or finds {@link Link#LINKING} and does the same; who links it looks
 * for a token when its new place is written. An observer notes that it is there and then looks
 * whether the frame is linked; who links it writes that and then looks for observers. {@link
 * #noticeObserver} and {@link #hold} are the observer's side.
 */
final class Linking {
  private Linking() {}

  /**
   * If another frame is parked on one that has ended with a stage, only to forward, parks it on the
   * stage in place of that.
   *
   * @return false if there is none; the frame is still the caller's then
   */
  static boolean link(Frame<?> ending, CompletableFuture<?> stage) {
    if (ending.observed
        || !ending.isLinkable()
        || Polling.takesTurns()
        || (ending.bits() & TOLD) != 0) {
      return false;
    }
    // The state of a frame in a slot does not change; that it is still there, withdraw tells.
    if (!(AwaitedFuture.waiterOf(ending) instanceof Frame<?> root)
        || root.state != Frame.FORWARDING
        || !AwaitedFuture.withdraw(ending, root)) {
      return false;
    }
    // Both frames are ours now. A canceller of either finds it nowhere and leaves its token in it:
    // we look when each has its place.
    LinkedFrames links = linksOf(root);
    links.source = null;
    takeIn(root, ending, links);
    // A root that another frame has come to wait for, only to forward, is linked to that: it could
    // not be absorbed at that moment, because it was about to park.
    while (root.isLinkable()
        && !root.observed
        && AwaitedFuture.waiterOf(root) instanceof Frame<?> outer
        && outer.state == Frame.FORWARDING
        && begin(root)) {
      if (!AwaitedFuture.withdraw(root, outer)) {
        root.take(LINKING); // it is not parked: what was left here, forward finds
        break;
      }
      links = join(outer, root, links);
      root = outer;
    }
    forward(root, stage, links);
    return true;
  }

  /**
   * Parks a frame to forward a stage. If that is itself a frame which forwards and is parked
   * already, because it ended on another thread before its caller came to park on it, it is linked
   * to this one, with all that is linked to it. Else each such case would leave a frame for good in
   * an async tail recursion.
   */
  static void forward(Frame<?> root, CompletableFuture<?> stage, @Nullable LinkedFrames made) {
    LinkedFrames links = made; // what this is the root of
    CompletableFuture<?> end = stage;
    while (end instanceof Frame<?> inner && inner.isLinkable() && !inner.observed) {
      Object source = inner.source();
      if (source == null
          || inner.state != Frame.FORWARDING
          || AwaitedFuture.waiterOf(inner) != null) {
        break;
      }
      CompletableFuture<?> next = Waiter.futureIn(source);
      if (next == null || !begin(inner)) {
        break; // a cancellation that started there has gone further in, and is to end there
      }
      if (!inner.withdrawFrom(source)) {
        inner.take(LINKING);
        inner.parked();
        break;
      }
      // Ours as well. It may have got an observer meanwhile: takeIn looks.
      links = join(root, inner, inner.awaited instanceof LinkedFrames its ? its : null);
      end = next;
    }
    root.state = Frame.FORWARDING;
    Parking.parkOn(root, end, links);
  }

  /** True if a frame was not cancelled, and a cancellation from now on stays there. */
  private static boolean begin(Frame<?> frame) {
    while (true) {
      int before = frame.bits();
      if ((before & TOLD) != 0) {
        return false;
      }
      if (frame.casBits(before, before | LINKING)) {
        return true;
      }
    }
  }

  /** Links another root to one, with all that is linked to it. Both are ours. */
  private static LinkedFrames join(
      Frame<?> root, Frame<?> inner, @Nullable LinkedFrames linkedToInner) {
    LinkedFrames links = linksOf(root);
    links.source = null;
    takeIn(root, inner, links);
    if (linkedToInner != null) {
      linkedToInner.source = null;
      links = links.join(linkedToInner);
      root.setAwaitedVolatile(links);
    }
    return links;
  }

  private static LinkedFrames linksOf(Frame<?> root) {
    if (root.awaited instanceof LinkedFrames made) {
      return made;
    }
    LinkedFrames made = new LinkedFrames(root);
    root.setAwaitedVolatile(made);
    return made;
  }

  /** Links a forwarding frame to a root. Both are ours. */
  private static void takeIn(Frame<?> root, Frame<?> frame, LinkedFrames links) {
    links.add(frame);
    // Whoever observes or cancels the frame from now on sees that it is linked; what was before, we
    // see here. In between both happens, which does no harm.
    frame.setAwaitedVolatile(links);
    if (frame.observed || frame.isDone() || AwaitedFuture.waiterOf(frame) != null) {
      links.hold(frame);
    }
    inheritTokens(root, frame);
  }

  private static void inheritTokens(Frame<?> root, Frame<?> frame) {
    boolean pending = frame.take(PENDING);
    boolean up = frame.take(UP);
    boolean own = (frame.bits() & ORIGIN) != 0;
    if (up || (pending && !own)) {
      root.set(PENDING);
    } else if (pending) {
      root.request();
    }
  }

  /** See {@link Frame#passToRoot}. Called by a canceller, on any thread. */
  static @Nullable Link<?> passToRoot(Frame<?> frame) {
    Frame<?> root = frame.awaitedVolatile() instanceof LinkedFrames links ? links.root() : frame;
    if (root == frame || (frame.bits() & ORIGIN) == 0 || !frame.take(PENDING)) {
      return null;
    }
    if ((frame.bits() & FORCED) != 0) {
      root.set(TOLD | ORIGIN | PENDING | FORCED);
      return root;
    }
    return Cancellation.markTold(root) ? root : null;
  }

  // ---- what a root has waited for is complete

  /** What a forwarding frame was parked on, complete; the frames linked to it have been told. */
  static CompletableFuture<?> forwarded(Frame<?> root) {
    if (root.awaited instanceof LinkedFrames links) {
      root.awaited = links.source;
      CompletableFuture<?> end = root.takeAwaited();
      CompletableFuture<?> outcome = links.settleAll(end);
      if (end.isCompletedExceptionally()
          && !outcome.isCompletedExceptionally()
          && (root.bits() & (HEARD | ORIGIN)) == HEARD) {
        root.set(PENDING); // as in afterFailure: a linked frame has an outcome of its own
      }
      return outcome;
    }
    return root.takeAwaited();
  }

  /** Ends a frame that is linked to a root. Called by the root's owner. */
  static void endLinked(Frame<?> frame, CompletableFuture<?> outcome) {
    frame.setAwaitedVolatile(null);
    if (AwaitedFuture.waiterOf(frame) != null) {
      frame.observed = true; // who awaits it has the value, and so has the next outer one
    }
    Polling.settle(frame, outcome);
  }

  // ---- who observes a frame that may be linked

  /** To be called after something was put where only the frame refers to it, or before. */
  static void noticeObserver(Frame<?> frame) {
    if (!frame.isDone() && !frame.getAndSetObserved()) {
      hold(frame);
    }
  }

  /** Keeps a frame alive until its root ends, if it is linked to one: somebody waits for it. */
  static void hold(Frame<?> frame) {
    if (frame.awaitedVolatile() instanceof LinkedFrames links && links.root() != frame) {
      links.hold(frame);
    }
  }
}
