package dev.weft.node;

import org.jspecify.annotations.Nullable;

/**
 * The phase after the poll: what {@code setImmediate} was given. Those that are set during the
 * phase wait for the next iteration. Confined to the loop's thread.
 */
final class CheckPhase {
  private final EventLoop loop;

  private @Nullable Immediate first;
  private @Nullable Immediate last;

  /** How many are set, and how many of them keep the loop alive. */
  private int count;

  private int references;

  /** Those of the running phase that have not run yet. */
  private @Nullable Immediate outstanding;

  CheckPhase(EventLoop loop) {
    this.loop = loop;
  }

  Immediate add(Runnable callback) {
    Immediate immediate = new Immediate(this, callback);
    count++;
    references++;
    Immediate before = last;
    if (before == null) {
      first = immediate;
    } else {
      before.next = immediate;
    }
    last = immediate;
    return immediate;
  }

  void clear(Immediate immediate) {
    loop.check();
    end(immediate); // its turn comes, and passes
  }

  void ref(Immediate immediate, boolean referenced) {
    loop.check();
    if (immediate.referenced != referenced && !immediate.ended) {
      immediate.referenced = referenced;
      references += referenced ? 1 : -1;
    }
  }

  /** Takes one callback without running it: the loop has ended. */
  @Nullable Runnable poll() {
    while (true) {
      Immediate immediate = outstanding != null ? outstanding : first;
      if (immediate == null) {
        return null;
      }
      if (outstanding != null) {
        outstanding = immediate.next;
      } else {
        first = immediate.next;
      }
      if (!immediate.ended) {
        end(immediate);
        return immediate.callback;
      }
    }
  }

  private void end(Immediate immediate) {
    if (!immediate.ended) {
      immediate.ended = true;
      count--;
      references -= immediate.referenced ? 1 : 0;
    }
  }

  /** True if some immediate keeps the loop alive, and from blocking in its poll. */
  boolean isAlive() {
    return references > 0;
  }

  void run() {
    if (count == 0) {
      first = null;
      last = null;
      return;
    }
    // A callback that throws ends Node's processImmediate, which is then called again, and if it
    // was
    // the last one of the phase takes on those that were set meanwhile.
    while (!runSome() && !loop.isStopped()) {}
  }

  /**
   * False if a callback or a tick between two callbacks threw, or the loop is stopped; what has not
   * run is outstanding then.
   */
  private boolean runSome() {
    Immediate immediate = outstanding;
    if (immediate == null) {
      immediate = first;
      first = null;
      last = null;
    }
    boolean ranOne = false;
    while (immediate != null) {
      outstanding = immediate;
      if (loop.isStopped() || (ranOne && !loop.drain()) || loop.isStopped()) {
        return false;
      }
      if (!immediate.ended) {
        end(immediate);
        ranOne = true;
        outstanding = immediate.next;
        try {
          immediate.callback.run();
        } catch (Throwable error) {
          loop.uncaught(error);
          return false;
        }
      }
      immediate = immediate.next;
    }
    outstanding = null;
    loop.drain();
    return true;
  }
}
