package dev.weft.echo;

import dev.weft.Async;
import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/** How many connections may be open at a time: a semaphore that is awaited by one task. */
final class ConnectionLimit {
  private int free;
  private @Nullable Task<@Nullable Void> waiting;

  /** Allows that many at a time. */
  ConnectionLimit(int connections) {
    this.free = connections;
  }

  /** Takes one place; completes when there is one. */
  synchronized Task<@Nullable Void> acquire() {
    if (free > 0) {
      free--;
      return Async.done();
    }
    Task<@Nullable Void> place = new Task<>();
    waiting = place;
    return place;
  }

  /** Gives one place back. From any thread. */
  void release() {
    Task<@Nullable Void> served;
    synchronized (this) {
      served = waiting;
      waiting = null;
      if (served == null) {
        free++;
      }
    }
    if (served != null) {
      served.complete(null); // outside the lock: it may run whatever hangs on the task
    }
  }
}
