package dev.weft.stream;

import dev.weft.Async;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of a {@link Chain} come from. It is polled, as Rust's {@code Stream} is: it
 * gives what is there, and says what to wait for if nothing is. So a chain of whatever length waits
 * in one place, with one frame.
 *
 * <p>{@link #poll}, {@link #awaited}, {@link #letGo} and {@link #close} are called by one at a
 * time, who has the chain; each sees what the one before has written.
 */
abstract class Intake {
  /** In place of an element: there is none yet. */
  static final Object WAIT = new Object();

  /** In place of an element: what came is not passed on. */
  static final Object SKIP = new Object();

  /** For those who take a unit off the coop budget. */
  static final Task<@Nullable Void> READY = Async.done();

  /**
   * The next element.
   *
   * @return null after the last one, {@link #WAIT} if it is not there
   */
  abstract @Nullable Object poll() throws Exception;

  /** What to wait for before {@link #poll} is called again. After that has said {@link #WAIT}. */
  CompletableFuture<?> awaited() {
    throw new AssertionError("never waits");
  }

  /**
   * Who waited was cancelled; what it waited for was asked to end, or let go of.
   *
   * @param told what it was told
   */
  void letGo(Throwable told) {}

  /**
   * True if nothing comes any more of what was waited for. Else it is kept, and is the next
   * element: it was only let go of, as something with a life of its own is, and comes all the same.
   */
  static boolean isOver(CompletableFuture<?> asked, Throwable told) {
    boolean finished = asked instanceof Task<?> task ? task.isFinished() : asked.isDone();
    return finished
        && asked.isCompletedExceptionally()
        && (asked.isCancelled() || told.getCause() != null); // that is how it has failed
  }

  /**
   * Ends what is under way, and then closes what stands behind. Called once.
   *
   * @return a task that ends when nothing of it runs any more
   */
  abstract Task<@Nullable Void> close();
}
