package dev.weft.scope;

import dev.weft.Async;
import dev.weft.AsyncCloseable;
import dev.weft.MayBeDropped;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.frame.Relay;
import dev.weft.frame.SharedFailures;
import dev.weft.log.LimitedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tasks that serve one purpose, and do not outlive the block in which they were forked.
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(Shop shop, Item item) {
 *   try (var scope = TaskScope.failFast()) {
 *     Task<Price> price = scope.fork(() -> shop.price(item));
 *     Task<Boolean> reserved = scope.fork(() -> shop.reserve(item));
 *     await(scope.join());                // both have ended; or one has failed, and this throws it
 *     return done(await(reserved) ? await(shop.pay(await(price))) : null);
 *   }                                     // left in any way, nothing of them runs any more
 * }
 * }</pre>
 *
 * <p>A policy says when the purpose is reached or missed: {@link #failFast}, {@link #joinAll},
 * {@link #supervisor}, {@link #firstSuccess}, {@link #firstSuccesses}. From then on the tasks that
 * still run are cancelled, and {@link #join} ends when each of them has run to its end, clean-up
 * and the awaits in it included.
 *
 * <p><b>Cancellation.</b> A method that is cancelled while it awaits {@link #join} cancels the
 * tasks of the scope, and goes on when they have ended; one that is cancelled elsewhere, or throws,
 * closes the scope on its way out, which does the same. So cancelling reaches all that was forked,
 * however deep the scopes are nested.
 *
 * <p><b>Who may fork.</b> Whoever has the scope, on any thread, its own tasks included: to pass it
 * on is to allow it, as with Trio's nursery; Java's {@code StructuredTaskScope} has it for its
 * owner alone. What is {@linkplain #fork forked} too late does not start, and says why.
 *
 * <p><b>Failures.</b> That a task was cancelled by somebody else counts as its failure: in Kotlin
 * and Python it does not, and a task that awaits something cancelled then vanishes without a word.
 * Failures that come after the deciding one are suppressed in it, a hundred at most and without the
 * cancellations that the scope itself has caused. If it is an exception that others may get as
 * well, they are logged for debugging instead ({@link dev.weft.frame.SharedFailures}).
 *
 * <p><b>Memory.</b> An ended task leaves nothing in the scope, so one that forks for ever does not
 * grow; {@link #joinAll} alone keeps the tasks, which are its result. A value that comes after the
 * result is there, or that the policy would have brought and nobody fetches, is given back.
 *
 * <p>The tasks run on the executor on which the scope was made, or on the shared one, and have the
 * values of {@code AsyncLocal}s of who forks them. {@link Task#parent} of each is the task in which
 * the scope was made.
 *
 * @param <T> what all tasks bring
 * @param <R> what {@link #join} brings
 */
public final class TaskScope<T extends @Nullable Object, R extends @Nullable Object>
    implements AsyncCloseable {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(TaskScope.class));

  private final Policy<R> policy;
  private final Forked children = new Forked();

  // Guarded by children.

  /** The result is there, or will never be. */
  private boolean decided;

  /** The scope was cancelled from outside, by its awaiter or by closing. */
  private boolean told;

  /** The tasks were told that they are to end. */
  private boolean allTold;

  private boolean concluded;
  private @Nullable Throwable failure;
  private @Nullable Joining<R> joining;

  /** Written under the lock; whoever forks reads it without. */
  private volatile @Nullable Limit limit;

  private TaskScope(Policy<R> policy) {
    this.policy = policy;
  }

  /**
   * All tasks have to succeed. The first failure cancels the others, and {@link #join} fails with
   * it; else that has no value: the tasks have theirs. Trio's nursery, Kotlin's {@code
   * coroutineScope}.
   */
  public static TaskScope<@Nullable Object, @Nullable Void> failFast() {
    return new TaskScope<>(new Policy.None(false));
  }

  /**
   * No task concerns another one. {@link #join} ends when all have ended, and never fails because
   * one has: a failure that nobody asks its task for is reported as that of any task. Kotlin's
   * {@code supervisorScope}; for a server's connections.
   */
  public static TaskScope<@Nullable Object, @Nullable Void> supervisor() {
    return new TaskScope<>(new Policy.None(true));
  }

  /**
   * As {@link #supervisor}, and {@link #join} brings all tasks, in the order in which they were
   * forked: each has ended, and an await of it brings its value or throws its failure.
   */
  public static <T extends @Nullable Object> TaskScope<T, List<Task<T>>> joinAll() {
    return new TaskScope<>(new Policy.All<>());
  }

  /**
   * One task has to succeed. {@link #join} brings the first value, the others are cancelled. If
   * there is none, it fails with the first failure, the others suppressed in that; if nothing was
   * forked, with {@link java.util.NoSuchElementException}.
   */
  public static <T extends @Nullable Object> TaskScope<T, T> firstSuccess() {
    return new TaskScope<>(new Policy.First<>());
  }

  /**
   * As {@link #firstSuccess}, for several: the first values, in the order in which they came.
   *
   * @param wanted how many, at least 1
   * @throws IllegalArgumentException if that is less
   */
  public static <T extends @Nullable Object> TaskScope<T, List<T>> firstSuccesses(int wanted) {
    if (wanted < 1) {
      throw new IllegalArgumentException("wanted must be at least 1, not " + wanted);
    }
    return new TaskScope<>(new Policy.FirstFew<>(wanted));
  }

  /**
   * Limits the time that the tasks have. When it is over they are cancelled, and {@link #join}
   * fails with a {@link TimeoutException}. Tasks that are forked from here on inherit the
   * {@linkplain Async#remainingTime deadline}. To be called once, before that.
   *
   * @param time counted from now, with a resolution of one millisecond
   * @return this
   * @throws IllegalStateException if there is a limit already
   */
  public TaskScope<T, R> within(Duration time) {
    Limit started = new Limit(children.executor, time);
    synchronized (children) {
      Limit before = limit;
      if (before != null) {
        Limit.drop(started);
        throw new IllegalStateException("the scope has a limit already: " + before.time);
      }
      limit = started;
    }
    if (!ScopeTask.awaitEnd(started.timer, this::expired)) {
      expired();
    }
    return this;
  }

  /**
   * Starts a body as a task of this scope.
   *
   * @param body called on one of the executor's threads, as {@link Async#spawn} has it
   * @return the task; if the scope takes no more, one that has failed: with a {@link
   *     CancellationException} if its tasks are cancelled, with {@link IllegalStateException} if it
   *     was joined or closed
   */
  @MayBeDropped
  public <U extends T> Task<U> fork(Callable<? extends CompletionStage<U>> body) {
    return children.fork(null, body);
  }

  /** As {@link #fork(Callable)}, with a name for reports. */
  @MayBeDropped
  public <U extends T> Task<U> fork(String name, Callable<? extends CompletionStage<U>> body) {
    return children.fork(name, body);
  }

  /**
   * Waits for the tasks, those included that are forked meanwhile. To be awaited.
   *
   * @return what the policy says, always the same task; ends when nothing of the tasks runs any
   *     more. Cancelling it, or a method that alone awaits it, cancels them
   */
  public Task<R> join() {
    Joining<R> joined;
    synchronized (children) {
      if (joining == null) {
        joining = new Joining<>(policy, this::cancel);
      }
      joined = joining;
    }
    children.settle();
    return joined;
  }

  /** Cancels the tasks, and lets no further one start. {@link #join} fails with a cancellation. */
  public void cancel() {
    synchronized (children) {
      told = true;
      decided = true;
    }
    children.settle();
  }

  /** How many tasks run. */
  public int size() {
    synchronized (children) {
      return children.running();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The failure of a task that nobody has joined is logged, as it would get lost else; one of
   * the clean-up that this starts is that of the task returned.
   */
  @Override
  public Task<@Nullable Void> closeAsync() {
    Throwable unheard;
    synchronized (children) {
      unheard = joining == null && !children.isClosed() ? policy.unheard(failure) : null;
      if (!concluded) {
        told = true;
      }
      decided = true;
    }
    if (unheard != null && !(unheard instanceof CancellationException)) {
      log.warn("A task of a scope has failed, and the scope is left without a join", unheard);
    }
    return children.close();
  }

  // ---- what decides

  private void expired() {
    synchronized (children) {
      Limit over = limit;
      if (decided || concluded || over == null || over.isDropped()) {
        return;
      }
      failure = over.missedBy(children.running(), failure);
      decided = true;
    }
    children.settle();
  }

  /** The first failure counts; and of those that were told, only what is more than having heard. */
  private void noteFailure(Throwable error) {
    boolean heard = decided && error instanceof CancellationException;
    if (failure == null || (told && !heard && failure instanceof CancellationException)) {
      failure = error;
    } else if (!heard) {
      SharedFailures.addFurther(failure, error);
    }
  }

  private void settle() {
    Joining<R> ending = null;
    Throwable error = null;
    boolean tells;
    boolean left;
    Limit unused;
    synchronized (children) {
      tells = decided && !allTold;
      allTold |= decided; // and whoever is being forked at this moment; nobody is from now on
      if (children.running() == 0 && joining != null && !concluded) {
        concluded = true;
        ending = joining;
        error = whyNot();
      }
      left = isLeft();
      unused = decided || concluded ? limit : null;
    }
    Limit.drop(unused);
    if (tells) {
      children.tellAll();
    }
    if (ending != null) {
      ending.conclude(error);
    }
    if (left) {
      policy.drop(); // nobody has joined: what it has kept reaches nobody
    }
  }

  /** True if nothing runs, and nobody has joined or will. Under the lock. */
  private boolean isLeft() {
    return children.isClosed() && children.running() == 0 && joining == null;
  }

  /** Why there is no result; null if there is one. Under the lock. */
  private @Nullable Throwable whyNot() {
    if (told
        && policy.needsAll()
        && (failure == null || failure instanceof CancellationException)) {
      return new TaskCancelledException("the scope was cancelled", null);
    }
    if (policy.hasResult() && !(failure instanceof TimeoutException && policy.needsAll())) {
      return null;
    }
    return failure != null || policy.needsAll() ? failure : policy.missing();
  }

  /** Its tasks. */
  private final class Forked extends Children {
    @Override
    @Nullable Throwable refusal() {
      if (isClosed()) {
        return new IllegalStateException("fork: the scope was closed");
      }
      if (concluded) {
        return new IllegalStateException("fork: the scope was joined. Make another one");
      }
      return decided
          ? new CancellationException("fork: the scope has its result, or has failed")
          : null;
    }

    @Override
    void onForked(Task<?> child) {
      if (policy.keepsEach()) {
        synchronized (this) {
          policy.forked(child);
        }
      }
    }

    @Override
    boolean onEnd(Task<?> ended) {
      if (!ended.isCompletedExceptionally()) {
        if (decided) {
          return policy.keepsEach();
        }
        decided = policy.succeeded(ended);
        return true;
      }
      if (policy.notesFailures() && !(isClosed() && joining == null)) {
        noteFailure(decided ? ScopeTask.failureOfTold(ended) : ScopeTask.failureOf(ended));
      }
      decided |= policy.failsFast();
      return true;
    }

    @Override
    boolean isUnsettled() {
      boolean concludes = joining != null && !concluded && running() == 0;
      return concludes || (decided && !allTold) || isLeft();
    }

    @Override
    void settle() {
      TaskScope.this.settle();
    }

    /** {@inheritDoc} Join tells else. */
    @Override
    boolean closingTells() {
      return joining == null && hearsFailures();
    }

    @Override
    boolean hearsFailures() {
      return policy.hearsFailures();
    }

    @Override
    <U extends @Nullable Object> Task<U> spawn(
        @Nullable String name, Callable<? extends CompletionStage<U>> body) throws Exception {
      Limit limited = limit;
      return limited == null
          ? super.spawn(name, body)
          : Relay.callBefore(limited.left(), () -> super.spawn(name, body));
    }
  }
}
