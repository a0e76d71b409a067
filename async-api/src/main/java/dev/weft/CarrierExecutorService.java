package dev.weft;

import dev.weft.frame.Carrier;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@code ExecutorService} whose few threads must not block: what waits for a result refuses to
 * do so on any executor's own thread, instead of waiting, perhaps forever, for itself.
 */
abstract class CarrierExecutorService extends AbstractExecutorService implements AsyncExecutor {
  @Override
  public <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body)
      throws Exception {
    refuseOnCarrier("blockOn");
    Task<T> task = spawn(body);
    try {
      return task.get();
    } catch (InterruptedException e) {
      task.cancel(true);
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
