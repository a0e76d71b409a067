package dev.weft;

import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExecutorService} that also runs async methods: it schedules their frames, keeps their
 * timers, and lends threads to calls that block.
 *
 * <p>An async method that suspends is resumed on the executor on which it was running; one that was
 * called outside any executor, on {@link WorkStealingExecutor#shared()}.
 *
 * <pre>{@code
 * try (AsyncExecutor executor = WorkStealingExecutor.builder().build()) {
 *   String greeting =
 *       executor.blockOn(
 *           () -> {
 *             Task<String> name = executor.spawnBlocking(() -> Files.readString(Path.of("name")));
 *             await(executor.sleep(Duration.ofMillis(100))); // meanwhile the file is read
 *             return done("Hello, " + await(name));
 *           });
 * }
 * }</pre>
 */
public interface AsyncExecutor extends ExecutorService, AutoCloseable {
  /** The executor whose thread this is, or null outside any. */
  static @Nullable AsyncExecutor current() {
    Carrier carrier = Carrier.current();
    return carrier == null ? null : carrier.executor();
  }

  /** The executor whose thread this is, or else {@link WorkStealingExecutor#shared()}. */
  static AsyncExecutor currentOrShared() {
    AsyncExecutor current = current();
    return current != null ? current : WorkStealingExecutor.shared();
  }

  /**
   * Starts an async body as a task of its own.
   *
   * @param body called on one of this executor's threads; usually a lambda that calls an async
   *     method. What it throws, or the stage that it returns ends with, ends the task.
   * @return the task; {@link Task#cancel} says what cancelling it does. A task has a life of its
   *     own: who awaits it and is cancelled lets go of it. If this executor no longer accepts work
   *     the task has failed with {@link java.util.concurrent.RejectedExecutionException}.
   */
  <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body);

  /**
   * As {@link #spawn(Callable)}, with a name that tells the task from others in reports: {@link
   * Task#name()}. An executor may do without names.
   */
  default <T extends @Nullable Object> Task<T> spawn(
      String name, Callable<? extends CompletionStage<T>> body) {
    return spawn(body);
  }

  /**
   * Runs a call that blocks on a thread meant for that, so that the executor's own threads stay
   * free.
   *
   * @return the task that ends with the call's outcome. Cancelling it, or a method that is the only
   *     one to await it, prevents a call that has not started, and later interrupts the thread. The
   *     method then waits for the call to return, and if that has a value all the same, gets it.
   */
  <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call);

  /**
   * A task that completes after the given time, not before, with a resolution of one millisecond.
   *
   * @param duration zero or less completes at once; what is longer than 139 years counts as that,
   *     from the time when the executor was made
   * @return the task; cancelling it frees the timer
   */
  Task<@Nullable Void> sleep(Duration duration);

  /**
   * The time by which {@link #sleep} goes, in nanoseconds, as {@link System#nanoTime()} gives it.
   */
  default long nanoTime() {
    return System.nanoTime();
  }

  /**
   * A random number for what is to be drawn by lot: the jitter of a retry, the branch of a select
   * among several that are ready. All 64 bits are random. On a deterministic executor the seed
   * decides, and the order in which it is asked.
   */
  default long nextRandom() {
    return ThreadLocalRandom.current().nextLong();
  }

  /**
   * Runs an async body on this executor and blocks the calling thread until it has ended: the way
   * in from {@code main} or from a test.
   *
   * @return the body's result
   * @throws IllegalStateException if the calling thread is one of an executor's own: blocking it
   *     could wait forever for itself
   * @throws Exception what the body failed with, unwrapped; {@link InterruptedException} if the
   *     calling thread was interrupted, in which case the body is cancelled, and has ended unless
   *     it takes more than 5 seconds or the thread is interrupted again
   */
  <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body)
      throws Exception;

  /**
   * Queues a frame to be polled. Called by the frame when what it awaits is done, from any thread;
   * never throws: a frame that is not accepted any more is ended by {@link Frame#reject}.
   */
  void schedule(Frame<?> frame);

  /**
   * Queues a frame that could go on but lets the others run first. Called on one of this executor's
   * threads by the frame that it is polling.
   */
  void scheduleYielded(Frame<?> frame);

  /** The context class loader of this executor's threads while they run nothing. */
  default @Nullable ClassLoader contextClassLoader() {
    return ClassLoader.getSystemClassLoader();
  }

  /**
   * A call of an async method has suspended, and nobody awaits it: it was called outside any
   * executor, or its caller has gone on without it, or has let go of it. Somebody may yet. An
   * executor that is to end with its work keeps account of it. Called by the frame; must not throw.
   */
  default void detached(Frame<?> call) {}

  /** A call that was {@link #detached} has ended. */
  default void attached(Frame<?> call) {}

  /**
   * Stops accepting work from outside, cancels what is under way, waits with a bound until its
   * bodies have ended, and logs what did not end within it. Does nothing the second time.
   */
  @Override
  void close();

  /**
   * As {@link #close()}, with the bound given.
   *
   * @param bound for how long to wait; zero or less for not at all, and 146 years at most
   * @throws TimeoutException with the names of the tasks that did not end in time
   */
  void close(Duration bound) throws TimeoutException;
}
