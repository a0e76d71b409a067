package dev.weft.node.phase;

import dev.weft.node.Immediate;
import dev.weft.node.host.LoopThread;
import dev.weft.node.turn.Turn;
import org.jspecify.annotations.Nullable;

/**
 * The phase after the poll: what {@code setImmediate} was given. Those that are set during the
 * phase wait for the next iteration. Confined to the loop's thread.
 */
public final class CheckPhase {
  private final LoopThread thread;
  private final Turn turn;

  private @Nullable CheckCallback first;
  private @Nullable CheckCallback last;

  /** How many are set, and how many of them keep the loop alive. */
  private int count;

  private int references;

  /** Those of the running phase that have not run yet. */
  private @Nullable CheckCallback outstanding;

  CheckPhase(LoopThread thread, Turn turn) {
    this.thread = thread;
    this.turn = turn;
  }

  /** Has a callback run in the next phase. */
  public Immediate add(Runnable callback) {
    CheckCallback immediate = new CheckCallback(this, callback);
    count++;
    references++;
    CheckCallback before = last;
    if (before == null) {
      first = immediate;
    } else {
      before.next = immediate;
    }
    last = immediate;
    return immediate;
  }

  void clear(CheckCallback immediate) {
    thread.check();
    end(immediate); // its turn comes, and passes
  }

  void ref(CheckCallback immediate, boolean referenced) {
    thread.check();
    if (immediate.referenced != referenced && !immediate.ended) {
      immediate.referenced = referenced;
      references += referenced ? 1 : -1;
    }
  }

  /** Takes one callback without running it: the loop has ended. */
  public @Nullable Runnable poll() {
    while (true) {
      CheckCallback immediate = outstanding != null ? outstanding : first;
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

  private void end(CheckCallback immediate) {
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
    // was the last one of the phase takes on those that were set meanwhile.
    while (!runSome() && !turn.isStopped()) {}
  }

  /**
   * False if a callback or a tick between two callbacks threw, or the loop is stopped; what has not
   * run is outstanding then.
   */
  private boolean runSome() {
    CheckCallback immediate = outstanding;
    if (immediate == null) {
      immediate = first;
      first = null;
      last = null;
    }
    boolean ranOne = false;
    while (immediate != null) {
      outstanding = immediate;
      if (turn.isStopped() || (ranOne && !turn.drain()) || turn.isStopped()) {
        return false;
      }
      if (!immediate.ended) {
        end(immediate);
        ranOne = true;
        outstanding = immediate.next;
        try {
          immediate.callback.run();
        } catch (Throwable error) {
          turn.uncaught(error);
          return false;
        }
      }
      immediate = immediate.next;
    }
    outstanding = null;
    turn.drain();
    return true;
  }
}
