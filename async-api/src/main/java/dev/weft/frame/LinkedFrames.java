package dev.weft.frame;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Promise linking: what keeps async tail recursion without end in constant memory. The idea is that
 * of Scala's {@code DefaultPromise} ("linked promises").
 *
 * <p>An async method that ends by returning another one's unfinished future is parked on it,
 * forwarding. Were that all, a method that ends by calling itself would leave a chain of frames,
 * each forwarding to the one before:
 *
 * <pre>
 *   A &lt;-- B &lt;-- C &lt;-- D (suspended)
 * </pre>
 *
 * So when B ends with C's future, and A is parked on B only in order to forward, A is taken from B
 * and parked on C at once; later from C on D, and so on. A is the <em>root</em>, B and C are
 * <em>linked</em>: they have ended, and nothing that runs needs them.
 *
 * <pre>
 *   A &lt;---------------- D (suspended)
 *   A ~ ~&gt; B, C         weakly; B, C --&gt; this object, strongly
 * </pre>
 *
 * <p>Somebody may still hold the future B, though, or have held it when it ended: kept in a field
 * before it was returned. It must complete as if nothing had been linked. In Scala a linked promise
 * delegates everything to its root; a {@code CompletableFuture} cannot, its result is its own. So
 * the root knows the linked frames by weak references and completes those that are alive before
 * itself, the innermost first, each with the outcome of the next inner one. A frame that nobody
 * holds is garbage, and its reference goes when the list is next compacted: amortized constant time
 * per link, and never more than twice as many references as the last collection left.
 *
 * <h2>Who needs a linked frame without holding it</h2>
 *
 * Those who wait for it: a frame in its waiter slot, a dependent stage. They are reachable from
 * nowhere but the linked frame. So a frame that has such an observer is not linked, and if it gets
 * one later, it is {@linkplain #hold held} strongly from then on:
 *
 * <pre>
 *   observing:  observed = true, or take the slot;  read awaited;  linked? hold
 *   linking:    awaited = this object;  read observed and the slot;  any? hold
 * </pre>
 *
 * All volatile: one of the two sees the other. Every method of {@code CompletableFuture} that
 * derives a stage calls {@code newIncompleteFuture} or {@code toCompletableFuture} on what it
 * derives from, where {@link Frame} takes notice. The static {@code allOf} and {@code anyOf} do
 * not, hence the one limit of this scheme: if a future was kept elsewhere when an async method
 * returned it, and is observed after that through nothing but {@code allOf} or {@code anyOf}, then
 * somebody must go on to hold it or the derived future, else they are collected together.
 *
 * <h2>Who touches what</h2>
 *
 * {@code source} is written by the owner of the root frame and read by its cancellers; see {@link
 * Link}. The lists are guarded by the monitor of this object; frames are completed outside it. A
 * root may itself be linked to another, with all that is linked to it: then this object is {@link
 * #mergedInto} that one's, which is never undone.
 */
final class LinkedFrames {
  /** Below this many references compacting is not worth while. Guessed. */
  private static final int MIN_LIMIT = 64;

  /** The frame that is parked for all of them, unless this is merged into another. */
  private volatile Frame<?> first;

  /** What the root is parked on, as {@code awaited} in another frame; null while it is moved. */
  volatile @Nullable Object source;

  /** Where the frames of this one are now; null if they are here. */
  private volatile @Nullable LinkedFrames mergedInto;

  /** The linked frames that may be alive, the innermost last. */
  private ArrayDeque<WeakReference<Frame<?>>> linked = new ArrayDeque<>(4);

  /** Keeps linked frames alive, and does nothing else. */
  private List<Frame<?>> held = new ArrayList<>(0);

  private int limit = MIN_LIMIT;

  LinkedFrames(Frame<?> root) {
    this.first = root;
  }

  /** Where the frames are that were ever added here. */
  private LinkedFrames current() {
    LinkedFrames at = this;
    for (LinkedFrames next; (next = at.mergedInto) != null; ) {
      at = next;
    }
    LinkedFrames known = mergedInto;
    if (known != null && known != at) {
      mergedInto = at; // the next one who asks has a short way
    }
    return at;
  }

  /** The frame that waits in a link's place, if that is linked; null if it is not. */
  static @Nullable Frame<?> rootOf(Link<?> link) {
    Frame<?> root = link.awaitedVolatile() instanceof LinkedFrames links ? links.root() : null;
    return root == link ? null : root;
  }

  /** The frame that is parked for all of them. */
  Frame<?> root() {
    return current().first;
  }

  /** Adds a frame that has ended with an unfinished stage, inside those that are here. */
  synchronized void add(Frame<?> frame) {
    compactIfFull();
    linked.add(new WeakReference<>(frame));
  }

  private void compactIfFull() {
    if (linked.size() >= limit) {
      linked.removeIf(reference -> reference.refersTo(null));
      limit = Math.max(MIN_LIMIT, 2 * linked.size());
    }
  }

  /**
   * Joins these frames and those of another root, which was added here just now and so is outside
   * of them. Both roots are the caller's. The smaller list moves, so that a chain which is linked
   * from its inner end costs no more than one from its outer end.
   *
   * @return where all of them are
   */
  LinkedFrames join(LinkedFrames inner) {
    boolean here = size() >= inner.size();
    LinkedFrames winner = here ? this : inner;
    LinkedFrames loser = here ? inner : this;
    winner.first = first;
    Deque<WeakReference<Frame<?>>> frames;
    List<Frame<?>> strong;
    synchronized (loser) {
      loser.mergedInto = winner; // who wants to hold one looks for this under the lock
      frames = loser.linked;
      strong = loser.held;
      loser.linked = new ArrayDeque<>(1);
      loser.held = new ArrayList<>(0);
    }
    winner.take(frames, strong, here);
    return winner;
  }

  private synchronized int size() {
    return linked.size();
  }

  private synchronized void take(
      Deque<WeakReference<Frame<?>>> frames, List<Frame<?>> strong, boolean inside) {
    if (inside) {
      linked.addAll(frames);
    } else {
      frames.descendingIterator().forEachRemaining(linked::addFirst);
    }
    held.addAll(strong);
    compactIfFull();
  }

  /** Keeps a frame alive until the root ends: somebody waits for it. */
  void hold(Frame<?> frame) {
    LinkedFrames at = this;
    while (true) {
      at = at.current();
      synchronized (at) {
        if (at.mergedInto == null) {
          at.held.add(frame);
          return;
        }
      }
    }
  }

  /** True if somebody waits for one of them. */
  boolean holdsAny() {
    LinkedFrames at = current();
    synchronized (at) {
      return !at.held.isEmpty();
    }
  }

  /**
   * Completes the linked frames that are alive. Called by the owner of the root when it ends.
   *
   * @param end what the root was parked on, finished
   * @return the outcome for the root: that of the outermost linked frame
   */
  CompletableFuture<?> settleAll(CompletableFuture<?> end) {
    CompletableFuture<?> inner = end;
    for (Frame<?> frame : aliveInnermostFirst()) {
      Linking.endLinked(frame, inner);
      inner = frame; // which may have had an outcome of its own
    }
    return inner;
  }

  private synchronized List<Frame<?>> aliveInnermostFirst() {
    List<Frame<?>> alive = new ArrayList<>();
    linked
        .descendingIterator()
        .forEachRemaining(
            reference -> {
              Frame<?> frame = reference.get();
              if (frame != null) {
                alive.add(frame);
              }
            });
    return alive;
  }
}
