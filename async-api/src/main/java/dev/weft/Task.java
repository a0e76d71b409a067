package dev.weft;

import dev.weft.frame.AwaitedFuture;
import dev.weft.frame.BlockingWaits;
import dev.weft.frame.Carrier;
import dev.weft.frame.Relay;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CompletableFuture} that a woven method can await without allocating anything.
 *
 * <p>It has one <em>waiter slot</em>: the frame of the method that awaits it is stored there
 * itself, and is scheduled on its own executor when the task is finished. Further methods that
 * await the same task at the same time stand in a list, at the price of its allocation. Everything
 * else that a {@code CompletableFuture} does works as usual; stages derived from a task ({@code
 * thenApply} and its kind) are plain {@code CompletableFuture}s.
 *
 * <h2>Two moments</h2>
 *
 * A task that an async method, a blocking call or a time limit stands behind has two ends, and each
 * has its name.
 *
 * <ul>
 *   <li><em>It is done</em> when it has an outcome. {@link #cancel} gives it one at once, as {@code
 *       CompletableFuture} says: {@code isDone}, {@code isCancelled}, {@code get}, {@code join} and
 *       whatever hangs on it see it then. So does {@link #complete} from outside.
 *   <li><em>It is finished</em> when the body behind it has run to its end, its {@code finally}
 *       blocks and the awaits in them included. {@code await(task)}, {@link #isFinished}, the hook
 *       {@code onTaskEnd}, the counts of tasks that are alive, and the closing of an executor go by
 *       that. {@link #finished} and {@link #awaitFinished} wait for it and for no more.
 * </ul>
 *
 * For a body that nobody cancels both are the same moment; for a task without a body, always.
 *
 * <p>Why two: Kotlin's {@code Job} has them too (cancelling and completed), and Tokio's {@code
 * JoinHandle} resolves only when the cancelled future has been dropped. But in Java {@code cancel}
 * returns after the future is done, and code that does not know Weft depends on it.
 *
 * <p>Spawning a body makes one:
 *
 * <pre>{@code
 * Task<Receipt> order = executor.spawn("order", () -> buy(shop, item));
 * // On a thread that may block; an async method awaits order.finished().
 * if (!order.awaitFinished(Duration.ofSeconds(2))) {
 *   order.cancel(true); // its outcome is there at once, its body still cleans up
 *   order.awaitFinished(Duration.ofSeconds(1));
 * }
 * }</pre>
 *
 * <p>One without a body stands for what a callback brings:
 *
 * <pre>{@code
 * static Task<String> ask(PhoneBook book, String name) {
 *   Task<String> number = new Task<>();
 *   book.look(name, number::complete, number::completeExceptionally);
 *   return number;
 * }
 * }</pre>
 *
 * @param <T> the type of the result
 */
public class Task<T extends @Nullable Object> extends AwaitedFuture<T> {
  /** Creates a task that is completed by whoever holds it. */
  public Task() {}

  // ---- its outcome

  /**
   * Gives the task its outcome, and wakes nobody who awaits it.
   *
   * @return false if it had one
   */
  protected final boolean decide(@Nullable T value) {
    return super.complete(value);
  }

  /** As {@link #decide}, with a failure. */
  protected boolean decideExceptionally(Throwable error) {
    boolean unheard = isUnheard(); // now: completing drops who would hear of it
    boolean completed = super.completeExceptionally(error);
    if (unheard && completed) {
      Carrier.reportUnheard(this, error);
    }
    return completed;
  }

  @Override
  public boolean complete(@Nullable T value) {
    boolean completed = super.complete(value);
    wakeIfFinished();
    return completed;
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    boolean completed = decideExceptionally(error);
    wakeIfFinished();
    return completed;
  }

  /** Also how a failed task notices that something is hung on it: every such method comes here. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    if (isCompletedExceptionally()) {
      Carrier.reportHeard(this);
    }
    return new CompletableFuture<>();
  }

  /** Also how it notices that it is composed or combined with another stage, which asks here. */
  @Override
  public CompletableFuture<T> toCompletableFuture() {
    if (isCompletedExceptionally()) {
      Carrier.reportHeard(this);
    }
    return this;
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    if (isCompletedExceptionally()) {
      Carrier.reportHeard(this);
    }
    return super.minimalCompletionStage();
  }

  /**
   * Completes the task as cancelled, at once, for everyone who looks at it from outside.
   *
   * <p>If an async method stands behind it, that method is told at the innermost await at which it
   * waits, or will wait next: a {@link TaskCancelledException} is thrown there, once. From there
   * the calls unwind strictly from the inside out: the method that awaits another one goes on only
   * when that one has run to its end, clean-up and the awaits in it included. So when this method
   * returns, the body is still running; {@link #finished} and {@link #awaitFinished} wait for it.
   *
   * <ul>
   *   <li>It goes down through calls and operations that this chain of awaits has started and
   *       nobody else awaits: async methods, sleeps, reads, blocking calls, which are interrupted.
   *       A task that was <em>spawned</em> has a life of its own and is let go of, and so is a
   *       plain future or one that somebody else awaits too. {@link Async#cancelling} passes it on
   *       to those as well; {@link Async#shield} to none.
   *   <li>An await whose stage has a value returns that value, also now: nothing that was acquired
   *       is lost. The cancellation then comes at the next await that would wait.
   *   <li>Nothing hides it. Where the clean-up of a call fails with something else, the method that
   *       awaits the call gets the {@link TaskCancelledException} with that failure as its cause.
   *   <li>It comes once. A method that catches it and goes on is on its own; see {@link
   *       Async#isCancelled}. Kotlin and Trio throw it at each await instead, so that clean-up
   *       which awaits has to be marked; here every {@code finally} may await.
   * </ul>
   *
   * @param mayInterruptIfRunning without effect: blocking calls are interrupted in any case
   * @return true if it is cancelled now
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    wakeIfFinished();
    return cancelled;
  }

  @Override
  public void obtrudeValue(@Nullable T value) {
    super.obtrudeValue(value);
    wakeIfFinished();
  }

  @Override
  public void obtrudeException(Throwable error) {
    super.obtrudeException(error);
    wakeIfFinished();
  }

  /**
   * Completes this task with the supplier's result, computed on the executor; or with what it
   * throws, in a {@link CompletionException} as the superclass has it. That would write the outcome
   * past {@link #complete}, and so past the waiter.
   */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    Objects.requireNonNull(supplier, "completeAsync: the supplier is null");
    Objects.requireNonNull(executor, "completeAsync: the executor is null");
    executor.execute(
        () -> {
          if (isDone()) {
            return;
          }
          try {
            complete(supplier.get());
          } catch (Throwable error) {
            completeExceptionally(
                error instanceof CompletionException ? error : new CompletionException(error));
          }
        });
    return this;
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
    return completeAsync(supplier, defaultExecutor());
  }

  /**
   * A number that no other task in this JVM has, for tasks that an executor has spawned; 0 for
   * others. Numbers are given when they are first asked for, so they say nothing of the order in
   * which tasks were spawned.
   */
  public long id() {
    return 0;
  }

  /** The name that the task was spawned with; null if it has none. */
  public @Nullable String name() {
    return null;
  }

  /**
   * The task in whose scope this one was forked ({@code TaskScope}, {@code JoinSet}), for as long
   * as it runs: for reports. Null for a task that belongs to none, or has ended.
   */
  public @Nullable Task<?> parent() {
    return parentByScope();
  }

  /**
   * Where this task stands: the lines of the calls from the task down to what the innermost waits
   * for, and who awaits the task. From any thread, at any time; it stops nothing. The lines are
   * those of woven methods.
   */
  public final AsyncStackTrace asyncStackTrace() {
    return stackOf(this);
  }

  /**
   * Cancels this task, as {@link #cancel} does, which see. Tokio's {@code JoinHandle::abort}. Does
   * nothing if the task is complete.
   */
  public void abort() {
    cancel(true);
  }

  /**
   * True if the task has an outcome and nothing of its body runs any more: unlike {@link #isDone()}
   * this is false for a task that was cancelled while its body still cleans up. Tokio's {@code
   * JoinHandle::is_finished}.
   */
  @Override
  public boolean isFinished() {
    return isDone();
  }

  /**
   * The end of this task, to be awaited: {@code task.cancel(true); await(task.finished())} goes on
   * when the body, clean-up included, has run to its end. Whatever the outcome was, it completes
   * without a value and does not fail. Who awaits it and is cancelled lets go of it: the task goes
   * on, and nothing stays registered with it. Also for a task that was cancelled before it ever
   * ran.
   */
  public Task<@Nullable Void> finished() {
    return Relay.endOf(this);
  }

  /**
   * Blocks the calling thread until this task {@link #isFinished() is finished}. For plain threads;
   * an async method awaits {@link #finished()}.
   *
   * @param bound for how long at most; zero or less only looks, and 146 years is for ever
   * @return false if it was not finished by then
   * @throws IllegalStateException on an executor's own thread, which might wait for itself
   * @throws InterruptedException if the calling thread is interrupted; the task goes on
   */
  public boolean awaitFinished(Duration bound) throws InterruptedException {
    if (isFinished()) {
      return true;
    }
    CarrierExecutorService.refuseOnCarrier("awaitFinished");
    Task<@Nullable Void> end = finished();
    try {
      end.get(Nanos.of(bound), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException never) {
      throw new AssertionError("the end of a task has failed", never);
    } finally {
      end.cancel(false); // lets go of this task
    }
  }

  // ---- who blocks for it: see BlockingWaits

  @Override
  public T get() throws InterruptedException, ExecutionException {
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.get();
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.get(timeout, unit);
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>If it comes to that, the body behind this task is told as by {@link #cancel}. Nobody else
   * has the task by this: who awaits it still passes on a cancellation.
   */
  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    boundTime(() -> super.orTimeout(timeout, unit));
    return this;
  }

  /** {@inheritDoc} See {@link #orTimeout}. */
  @Override
  public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    boundTime(() -> super.completeOnTimeout(value, timeout, unit));
    return this;
  }

  @Override
  public T join() {
    if (isDone()) {
      return super.join();
    }
    boolean noted = BlockingWaits.begin(this);
    try {
      return super.join();
    } finally {
      if (noted) {
        BlockingWaits.end();
      }
    }
  }
}
