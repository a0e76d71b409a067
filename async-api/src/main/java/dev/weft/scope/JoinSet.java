package dev.weft.scope;

import dev.weft.Async;
import dev.weft.AsyncCloseable;
import dev.weft.MayBeDropped;
import dev.weft.Task;
import dev.weft.handoff.WaitQueue;
import dev.weft.handoff.Waiting;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A changing set of tasks, whose ends are taken one by one, as they come. Tokio's {@code JoinSet}.
 *
 * <pre>{@code
 * static CompletableFuture<List<Price>> prices(Queue<Item> items, Shop shop) {
 *   List<Price> prices = new ArrayList<>();
 *   try (var running = new JoinSet<Price>()) {
 *     while (true) {
 *       while (running.size() < 10 && !items.isEmpty()) {
 *         Item next = items.remove();
 *         running.spawn(() -> shop.price(next));
 *       }
 *       Task<Price> ended = await(running.joinNext());
 *       if (ended == null) {
 *         return done(prices);
 *       }
 *       prices.add(await(ended));         // throws what that task has failed with
 *     }
 *   }                                     // left in any way, nothing of them runs any more
 * }
 * }</pre>
 *
 * <p>A failure concerns no other task; who takes the task out hears of it. Of a task that was taken
 * out nothing is left here; those that have ended and were not taken out wait here.
 *
 * <p>All methods may be called from any thread, its tasks' own included. The tasks run on the
 * executor on which the set was made, or on the shared one.
 *
 * @param <T> what the tasks bring
 */
public final class JoinSet<T extends @Nullable Object> implements AsyncCloseable {
  private final Members members = new Members();

  // Guarded by members.

  private final ArrayDeque<Task<T>> ended = new ArrayDeque<>(0);
  private final WaitQueue<@Nullable Task<T>> waiting = new WaitQueue<>();

  /** An empty set. */
  public JoinSet() {}

  /**
   * Starts a body as a task of this set.
   *
   * @param body called on one of the executor's threads, as {@link Async#spawn} has it
   * @return the task; one that has failed with {@link IllegalStateException} if the set was closed
   */
  @MayBeDropped
  public Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    return members.fork(null, body);
  }

  /** As {@link #spawn(Callable)}, with a name for reports. */
  @MayBeDropped
  public Task<T> spawn(String name, Callable<? extends CompletionStage<T>> body) {
    return members.fork(name, body);
  }

  /**
   * Takes out a task that has ended, in the order in which they do, and waits for one if need be.
   * Several may wait at a time, and get theirs in turn. Who is cancelled takes none out.
   *
   * @return brings a task that has ended, of which an await brings the value or throws the failure;
   *     or null if there is none in the set
   */
  public Task<@Nullable Task<T>> joinNext() {
    Next next;
    Task<T> there;
    synchronized (members) {
      if (isEmpty()) {
        return Async.done(null);
      }
      next = new Next();
      there = waiting.isEmpty() ? ended.poll() : null;
      if (there == null) {
        waiting.add(next);
        return next; // if anything is here, who has put it here is about to hand it over
      }
      next.claim();
    }
    next.grant(there);
    return next;
  }

  /** Cancels all tasks that run. Each of them still comes out of {@link #joinNext}. */
  public void abortAll() {
    members.tellAll();
  }

  /**
   * How many tasks are in the set: those that run, and those that have ended and are to be taken.
   */
  public int size() {
    synchronized (members) {
      return members.running() + ended.size();
    }
  }

  /** {@inheritDoc} Values that nobody has taken out are given back. */
  @Override
  public Task<@Nullable Void> closeAsync() {
    return members.close();
  }

  private boolean isEmpty() {
    return members.running() == 0 && ended.isEmpty();
  }

  private void putBack(@Nullable Task<T> task) {
    boolean unwanted;
    synchronized (members) {
      unwanted = members.isClosed();
      if (task != null && !unwanted) {
        ended.addFirst(task);
      }
    }
    if (task != null && unwanted) {
      ScopeTask.drop(task);
    }
    members.settle();
  }

  /** Those who run. */
  private final class Members extends Children {
    @Override
    @Nullable Throwable refusal() {
      return isClosed() ? new IllegalStateException("spawn: the set was closed") : null;
    }

    @Override
    @SuppressWarnings("unchecked") // spawn lets in no others
    boolean onEnd(Task<?> task) {
      if (isClosed()) {
        return false;
      }
      ended.add((Task<T>) task);
      return true;
    }

    @Override
    boolean isUnsettled() {
      return !waiting.isEmpty();
    }

    @Override
    void settle() {
      drop(takeUnwanted());
      while (true) {
        Next next;
        Task<T> theirs;
        synchronized (this) {
          next = ended.isEmpty() && running() > 0 ? null : (Next) waiting.claimFirst();
          if (next == null) {
            return;
          }
          theirs = ended.poll();
        }
        next.grant(theirs);
      }
    }

    private List<Task<T>> takeUnwanted() {
      synchronized (this) {
        if (!isClosed() || ended.isEmpty()) {
          return List.of();
        }
        List<Task<T>> unwanted = List.copyOf(ended);
        ended.clear();
        return unwanted;
      }
    }

    private void drop(List<Task<T>> unwanted) {
      unwanted.forEach(ScopeTask::drop);
    }
  }

  /** One who waits for the next end. */
  private final class Next extends Waiting<@Nullable Task<T>> {
    Next() {
      super(null);
    }

    @Override
    protected String describeWait() {
      return "the next task of a JoinSet to end";
    }

    @Override
    protected void onWithdrawn() {
      synchronized (members) {
        waiting.remove(this);
      }
    }

    @Override
    protected void giveBack(@Nullable Task<T> task) {
      putBack(task);
    }
  }
}
