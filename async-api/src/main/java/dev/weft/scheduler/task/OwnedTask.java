package dev.weft.scheduler.task;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Relay;
import dev.weft.frame.Settled;
import dev.weft.frame.Spawn;
import dev.weft.frame.SpawnSite;
import dev.weft.frame.StateText;
import dev.weft.frame.TaskLabel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A task that an executor started and so answers for: {@code close} finds it. It is linked into the
 * executor's {@link OwnedTasks} from its start to the end of its body. Not to be extended but by
 * {@link OwnedTaskClass}.
 *
 * @param <T> the type of the task's result
 */
public class OwnedTask<T extends @Nullable Object> extends Spawn<T> implements RunnableFuture<T> {
  private static final VarHandle HEARING;

  static {
    try {
      HEARING = MethodHandles.lookup().findVarHandle(OwnedTask.class, "hearing", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Whether somebody looks at the outcome; see below. A byte: there is room for one. */
  private volatile byte hearing = OPEN;

  /** The list that this task is in; set before the task is queued, taken by who ends it. */
  OwnedTasks.@Nullable Shard shard;

  /** The neighbours in that list, guarded by it. */
  @Nullable OwnedTask<?> previous;

  @Nullable OwnedTask<?> following;

  /**
   * A task that has not been started; for {@link OwnedTaskClass}.
   *
   * @param label a {@link TaskLabel}, or the origin to make one from: a class or a {@link
   *     SpawnSite}
   */
  OwnedTask(AsyncExecutor executor, Object label, Callable<? extends CompletionStage<T>> body) {
    super(executor, label, body);
  }

  /**
   * A task that has not been started.
   *
   * @param origin the class that the task is named after in reports, if nothing is known of where
   *     it is spawned
   */
  public static <T extends @Nullable Object> OwnedTask<T> of(
      AsyncExecutor executor, Class<?> origin, Callable<? extends CompletionStage<T>> body) {
    return OwnedTaskClass.make(executor, label(null, origin, body), body);
  }

  /** A task that has not been started, with a name. */
  public static <T extends @Nullable Object> OwnedTask<T> of(
      AsyncExecutor executor,
      String name,
      Class<?> origin,
      Callable<? extends CompletionStage<T>> body) {
    return OwnedTaskClass.make(executor, label(name, origin, body), body);
  }

  /** A blocking call that is made on the executor's own thread, to be awaited like any other. */
  public static <T extends @Nullable Object> OwnedTask<T> blockingCall(
      AsyncExecutor executor, Callable<T> call) {
    OwnedTask<T> task = of(executor, call.getClass(), () -> Settled.value(call.call()));
    task.becomeOperation();
    return task;
  }

  /** True if it is ended by who awaits it. */
  public boolean isAwaitedOperation() {
    return isOperation() && Relay.isAwaitedByMethod(this);
  }

  @Override
  protected void onEnd() {
    super.onEnd();
    OwnedTasks.Shard list = shard;
    if (list != null) {
      shard = null;
      list.remove(this);
    }
  }

  /** True if the task is yet to be given to an executor to be started. */
  public boolean isUnstarted() {
    return shard == null && !isDone();
  }

  // ---- who it is

  @Override
  public String toString() {
    return "task " + describe() + StateText.of(this, stateOfFuture());
  }

  /** As {@code CompletableFuture} has it, and without looking at a failure. */
  private String stateOfFuture() {
    if (!isDone()) {
      int dependents = getNumberOfDependents();
      return dependents == 0 ? "[Not completed]" : "[Not completed, " + dependents + " dependents]";
    }
    UnheardFailures.Failure failure = hearing == WATCHED ? watched() : null;
    return failure != null
        ? "[Completed exceptionally: " + failure.error + "]"
        : StateText.ofFuture(super.toString());
  }

  // ---- who looks at its failure; see UnheardFailures

  /*
   * A task fails on one thread while another one hangs something on it: whether anybody listens is
   * decided by one word.
   *
   *   OPEN    -> ASKED    who asks for the outcome, before anything else (compare-and-set)
   *   OPEN    -> WATCHED  who fails the task and sees nobody listen, before it is complete
   *                       (compare-and-set); the result is then an UnheardException
   *   WATCHED -> ASKED    who asks after that, once the exception itself is the result; or who
   *                       failed the task, if somebody else was first to complete it
   *
   * So whoever finds ASKED, or has written it, finds the result that a CompletableFuture would
   * have. Whoever finds WATCHED waits until the task is complete, which is what its owner does
   * next, takes the failure off the watch, puts the exception itself in place, and then goes on.
   * Several may do that at once: each with the same exception.
   *
   * Whoever finds the task complete first, and then OPEN, need not write anything: it was not
   * completed by one who watches, who writes the word before the result. Both are volatile.
   */

  /** Nobody has asked for the outcome, and the task has not failed unheard. */
  private static final byte OPEN = 0;

  /** Somebody has. Stays. */
  private static final byte ASKED = 1;

  /** The task fails, or has failed, unheard; {@link TaskLabel#failure} is on watch. */
  private static final byte WATCHED = 2;

  /** How often to look before going to sleep. Guessed: some microseconds. */
  private static final int SPINS = 1000;

  @Override
  protected boolean decideExceptionally(Throwable error) {
    OwnedTasks.Shard list = shard;
    boolean unheard =
        list != null
            && error != null
            && hearing == OPEN
            && !(error instanceof CancellationException)
            && !(error instanceof RejectedExecutionException && list.isClosed()) // part of the end
            && isUnheard(); // one who blocks in get() counts as a dependent
    if (!unheard || list == null || isDone()) {
      return super.decideExceptionally(error);
    }
    UnheardFailures.Failure failure = list.owner().unheard().failure("task " + describe(), error);
    // A CompletionException is handed on as it is, by allOf too, and must stay the one it is.
    Throwable held = error instanceof CompletionException ? error : new UnheardException(failure);
    failure.watch(held == error ? this : held);
    try {
      if (!HEARING.compareAndSet(this, OPEN, WATCHED)) { // somebody asks this very moment
        failure.heard();
        return super.decideExceptionally(error);
      }
      return completeWatched(failure, held);
    } finally {
      Reference.reachabilityFence(held); // up to here its end would be taken for the failure's
    }
  }

  private boolean completeWatched(UnheardFailures.Failure failure, Throwable held) {
    label().failure = failure; // before the task is complete: see takeBack
    boolean completed = false;
    try {
      completed = super.decideExceptionally(held);
    } finally {
      if (!completed && !(isDone() && holds(failure))) {
        endWatch(failure);
      }
    }
    return completed;
  }

  private UnheardFailures.@Nullable Failure watched() {
    return (UnheardFailures.Failure) label().failure;
  }

  /** To be called by who asks for the outcome, before it looks at the result. */
  private void ask() {
    boolean done = isDone(); // before the word is read
    if (hearing == OPEN && (done || HEARING.compareAndSet(this, OPEN, ASKED))) {
      return;
    }
    if (hearing == WATCHED) {
      takeBack();
    }
  }

  /** Who asks for the state of a task that has failed has heard of it. */
  final void askIfDone() {
    if (isDone()) {
      ask();
    }
  }

  private void takeBack() {
    for (int spins = 0; !isDone(); spins++) {
      if (hearing != WATCHED) {
        return;
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, 1); // the other thread was preempted
      }
    }
    UnheardFailures.Failure failure = watched();
    if (failure == null) {
      return; // another one has been through here
    }
    failure.heard(); // before what the garbage collector watches is taken out
    if (holds(failure)) {
      super.obtrudeException(failure.error);
    }
    endWatch(failure);
  }

  private void endWatch(UnheardFailures.Failure failure) {
    hearing = ASKED;
    failure.heard();
    label().failure = null;
  }

  /** True if the result of this complete task is what reports that somebody looks at it. */
  private boolean holds(UnheardFailures.Failure failure) {
    try {
      super.join();
      return false;
    } catch (CompletionException thrown) {
      return thrown instanceof UnheardException held && held.failure() == failure;
    } catch (CancellationException thrown) {
      return false;
    }
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    ask();
    return super.newIncompleteFuture();
  }

  /** How a task notices that it is composed or combined with another: the JDK asks here then. */
  @Override
  public CompletableFuture<T> toCompletableFuture() {
    ask();
    return super.toCompletableFuture();
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    ask();
    return super.minimalCompletionStage();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    try {
      return super.get();
    } catch (ExecutionException failed) {
      ask(); // not before: it may be interrupted, and have learnt nothing
      throw failed;
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return super.get(timeout, unit);
    } catch (ExecutionException failed) {
      ask();
      throw failed;
    }
  }

  @Override
  public T join() {
    ask();
    return super.join();
  }

  @Override
  public T getNow(T valueIfAbsent) {
    askIfDone();
    return super.getNow(valueIfAbsent); // a mere look: unlike join it claims nothing
  }

  /**
   * The result of a task that has one. Overrides that of {@code Future}, which is there from Java
   * 19 on.
   *
   * @throws IllegalStateException if the task is not complete, has failed or was cancelled
   */
  public T resultNow() {
    if (!isDone()) {
      throw new IllegalStateException("the task is not complete");
    }
    ask();
    if (isCompletedExceptionally()) {
      throw new IllegalStateException(
          isCancelled() ? "the task was cancelled" : "the task has failed");
    }
    return super.join();
  }

  /**
   * What a task has failed with, without a {@link CompletionException} around it. Overrides that of
   * {@code Future}, which is there from Java 19 on.
   *
   * @throws IllegalStateException if the task is not complete, has a result or was cancelled
   */
  public Throwable exceptionNow() {
    if (!isDone() || isCancelled()) {
      throw new IllegalStateException(
          isDone() ? "the task was cancelled" : "the task is not complete");
    }
    try {
      get();
    } catch (ExecutionException failed) {
      return Objects.requireNonNull(failed.getCause());
    } catch (InterruptedException impossible) { // it is complete
      throw new IllegalStateException(impossible);
    }
    throw new IllegalStateException("the task has not failed");
  }
}
