package dev.weft.node.loop;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Frame;
import dev.weft.frame.LocalContext;
import dev.weft.node.phase.PollPhase;
import dev.weft.node.pool.PoolCall;
import dev.weft.node.timer.SleepTask;
import dev.weft.node.turn.LoopState;
import dev.weft.scheduler.thread.Reaper;
import java.util.concurrent.RejectedExecutionException;

/**
 * What comes in from other threads, by way of the poll phase, and what becomes of it when the loop
 * has ended. From any thread.
 *
 * <h2>No post is forgotten</h2>
 *
 * At its end the loop is halted: what is posted from then on is rejected. A thread posts and then
 * reads {@code halted}; the loop writes it and then empties the queue. Both volatile: one of the
 * two finds the post.
 */
final class Arrivals {
  private final String name;
  private final LoopState state;
  private final PollPhase poll;
  private final Reaper reaper;

  Arrivals(AsyncExecutor executor, String name, LoopState state, PollPhase poll) {
    this.name = name;
    this.state = state;
    this.poll = poll;
    reaper = new Reaper(name, executor, this::rejectNext);
  }

  /** See {@link dev.weft.node.host.LoopThread#post}. */
  void post(Runnable callback) {
    poll.post(callback);
    if (state.isHalted()) {
      rejectPosted();
    }
  }

  /**
   * As {@link #post}, in the context of the caller.
   *
   * @throws RejectedExecutionException if the loop has ended
   */
  void execute(Runnable command) {
    Runnable bound = LocalContext.bind(command);
    poll.post(bound);
    // Who ends the loop writes halted and then empties the queue; one of us gets hold of it.
    if (state.isHalted() && poll.withdraw(bound)) {
      throw refusal();
    }
  }

  /** Has the loop look whether it is to go on, if it is waiting. */
  void wake() {
    post(() -> {});
  }

  /**
   * As {@link #wake}, of a loop that was halted; and leaves what is posted to whoever rejects it.
   */
  void wakeHalted() {
    poll.post(() -> {});
  }

  /** Why work is refused. */
  String refusalMessage() {
    return "the executor " + name + " is shut down";
  }

  RejectedExecutionException refusal() {
    return new RejectedExecutionException(refusalMessage());
  }

  /** To be called once the loop is halted: what was posted until then is rejected. */
  void rejectPosted() {
    if (poll.hasPosted()) {
      reaper.summon();
    }
  }

  /** Waits until all that is rejected, at the most until a time of {@code System.nanoTime()}. */
  void awaitRejected(long deadline) throws InterruptedException {
    reaper.awaitIdle(deadline);
  }

  private boolean rejectNext() {
    Runnable left = poll.poll();
    if (left == null) {
      return false;
    }
    reject(left);
    return true;
  }

  /** Ends what a callback would have gone on with. */
  void reject(Runnable callback) {
    if (callback instanceof Frame<?> frame) {
      frame.reject(refusalMessage());
    } else if (callback instanceof SleepTask sleep) {
      sleep.cancel(false);
    } else if (callback instanceof SleepTask.Start start) {
      start.sleep().cancel(false);
    } else if (callback instanceof PoolCall.Outcome<?> outcome) {
      outcome.run();
    }
  }
}
