package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.weft.Async#on} returns: complete, and ready only for a method that is there
 * already. Any other that awaits it is parked nowhere, but queued on the other executor, which it
 * belongs to from then on.
 *
 * <pre>
 *   RUNNING on A --to----&gt; QUEUED on B   by its owner, in {@link Parking}
 *   RUNNING on A --to----&gt; QUEUED on A   a cancellation was there first: it is told that here
 *   QUEUED on B  --refused-&gt; QUEUED on A  B does not accept it: told so, where it was
 * </pre>
 *
 * What keeps account of the call, if anybody does, is the executor on which it first suspended, and
 * stays that: a frame that has moved has a {@link Guest} in its field, which knows both.
 */
final class Move extends Settled<@Nullable Void> {
  private final AsyncExecutor target;

  private Move(AsyncExecutor target) {
    this.target = target;
  }

  /** A move to an executor, for any number of methods. */
  static Task<@Nullable Void> to(AsyncExecutor target) {
    Move move = new Move(target);
    move.complete(null);
    return move;
  }

  /** True if the calling method is there. */
  boolean isHere() {
    return AsyncExecutor.current() == target;
  }

  /** The executor of a frame that first suspends in a move, outside any executor. */
  AsyncExecutor target() {
    return target;
  }

  /** Queues a frame that has awaited this on the other executor. Called by its owner, once. */
  void queue(Frame<?> frame, AsyncExecutor from) {
    frame.executor = Guest.of(from, target);
    frame.context = LocalContext.captureFor(target.contextClassLoader());
    target.schedule(frame);
  }

  /**
   * Sends a frame back that its new executor does not accept. Called by that, with what it was to
   * queue.
   *
   * @return false if it has come from nowhere, and is to be rejected
   */
  static boolean refused(Frame<?> frame, String reason) {
    if (!(frame.source() instanceof Move move)
        || !(frame.executor instanceof Guest guest)
        || guest.host != move.target) {
      return false;
    }
    frame.executor = Guest.of(guest.origin, guest.before);
    frame.setAwaited(CompletableFuture.failedFuture(new RejectedExecutionException(reason)));
    guest.before.schedule(frame);
    return true;
  }
}
