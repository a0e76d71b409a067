package dev.weft.net.memory;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one {@link MemoryBudget} that have used up the piece that they were promised,
 * and go on when it is back or when there is shared memory for them; in the order in which they
 * have stopped.
 *
 * <p>When something is given back, one of them is looked at, so that thousands of greedy ones cost
 * the others nothing ({@link #next}). If that one may go on, so may others, and the look goes on
 * ({@link #tell}); if it may not, it goes to the end, and who is behind it is found by the next
 * piece that is given back, or by {@link #lookAtAll}, if there is no next one.
 *
 * <p>Who goes on has been taken out under the lock, and is told without: being told runs the
 * connection's own action.
 */
final class StoppedConnections {
  /** For who has stopped and is behind one that may not go on yet. Guessed. */
  private static final long LOOK_MILLIS = 100;

  /** Its monitor is the lock. */
  private final MemoryBudget budget;

  private final MemoryShares shares;

  // Under the lock.
  private final ArrayDeque<ConnectionMemory> stopped = new ArrayDeque<>();
  private boolean looking;
  private boolean closed;

  StoppedConnections(MemoryBudget budget, MemoryShares shares) {
    this.budget = budget;
    this.shares = shares;
  }

  /** One has stopped; it may be here still from the last time. Under the lock. */
  void add(ConnectionMemory memory) {
    memory.stopped = true;
    if (!memory.queued) {
      memory.queued = true;
      stopped.add(memory);
      lookLater();
    }
  }

  /**
   * The next one, if it may have shared memory again; it is counted as going on. Under the lock.
   */
  @Nullable ConnectionMemory next() {
    for (ConnectionMemory memory; (memory = stopped.poll()) != null; ) {
      if (!memory.stopped) {
        memory.queued = false;
        continue;
      }
      if (!shares.mayGoOn(memory)) {
        stopped.add(memory);
        return null;
      }
      memory.queued = false;
      memory.stopped = false;
      shares.share(memory);
      return memory;
    }
    return null;
  }

  /** Tells those that may go on, up to the first that may not. Without the lock. */
  void tell() {
    for (ConnectionMemory ready; (ready = lockedNext()) != null; ) {
      ready.tellRoom();
    }
  }

  private @Nullable ConnectionMemory lockedNext() {
    synchronized (budget) {
      return next();
    }
  }

  private void lookLater() {
    if (!looking && !closed && !stopped.isEmpty()) {
      looking = true;
      MemoryThread.runLater(this::lookAtAll, LOOK_MILLIS);
    }
  }

  /** What made room may have been the last thing to happen, so somebody has to look by himself. */
  private void lookAtAll() {
    int looks;
    synchronized (budget) {
      looks = stopped.size();
    }
    for (; looks > 0; looks--) {
      ConnectionMemory ready = lockedNext();
      if (ready != null) {
        ready.tellRoom();
      }
    }
    synchronized (budget) {
      looking = false;
      lookLater();
    }
  }

  /** The executor has ended, and nobody goes on. Under the lock. */
  void close() {
    closed = true;
  }
}
