package dev.weft;

import dev.weft.frame.Carrier;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@code ExecutorService} whose few threads must not block: what waits for a result refuses to
 * do so on any executor's own thread, instead of waiting, perhaps forever, for itself.
 */
abstract class CarrierExecutorService extends AbstractExecutorService implements AsyncExecutor {
  /** As long as {@code close} waits by default. */
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);

  /**
   * A task that {@link #execute} starts.
   *
   * @param origin the class that it is named after in reports
   */
  abstract <T extends @Nullable Object> RunnableFuture<T> unstarted(
      Class<?> origin, Callable<? extends CompletionStage<T>> body);

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> call) {
    return unstarted(call.getClass(), () -> Settled.value(call.call()));
  }

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable run, T value) {
    return unstarted(
        run.getClass(),
        () -> {
          run.run();
          return Settled.value(value);
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>The call occupies one of the executor's own threads while it runs.
   */
  @Override
  public <T extends @Nullable Object> Task<T> submit(Callable<T> call) {
    return (Task<T>) super.submit(call);
  }

  @Override
  public <T extends @Nullable Object> Task<T> submit(Runnable run, T value) {
    return (Task<T>) super.submit(run, value);
  }

  @Override
  public Task<?> submit(Runnable run) {
    return (Task<?>) super.submit(run);
  }

  @Override
  public <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body)
      throws Exception {
    refuseOnCarrier("blockOn");
    Task<T> task = spawn(body);
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
      awaitCleanUp(task);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }

  /**
   * So that the caller's clean-up comes after the body's; but an interrupted thread is in a hurry.
   */
  private static void awaitCleanUp(Task<?> task) throws InterruptedException {
    task.awaitFinished(CLEAN_UP);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on an executor's own thread, because it blocks
   */
  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> calls) throws InterruptedException {
    refuseOnCarrier("invokeAll");
    return super.invokeAll(calls);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on an executor's own thread, because it blocks
   */
  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
      throws InterruptedException {
    refuseOnCarrier("invokeAll");
    return super.invokeAll(calls, timeout, unit);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on an executor's own thread, because it blocks
   */
  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    refuseOnCarrier("invokeAny");
    return super.invokeAny(calls);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException on an executor's own thread, because it blocks
   */
  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> calls, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    refuseOnCarrier("invokeAny");
    return super.invokeAny(calls, timeout, unit);
  }

  static void refuseOnCarrier(String method) {
    Carrier carrier = Carrier.current();
    if (carrier != null && !carrier.mayBlock()) {
      throw new IllegalStateException(
          method
              + " blocks, and this is the executor thread "
              + Thread.currentThread().getName()
              + ": it could wait forever for itself. Await the task instead, or call from"
              + " spawnBlocking.");
    }
  }
}
