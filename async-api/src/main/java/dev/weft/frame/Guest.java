package dev.weft.frame;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a frame has for its executor that has moved to another one: resumed by its host, and
 * accounted for by its origin. Only frames see it, and they ask for nothing but this; who wants the
 * executor itself gets the {@link #hostOf host}.
 *
 * <p>An object of its own for those that move, and no second field in all frames. The origin never
 * changes, so that a caller which leaves its call behind may say so to it at any time, whether the
 * call is moving at that moment or not.
 */
final class Guest extends AbstractExecutorService implements AsyncExecutor {
  final AsyncExecutor origin;
  final AsyncExecutor host;

  /** Where it was before, and goes back to if the host does not accept it. */
  final AsyncExecutor before;

  private Guest(AsyncExecutor origin, AsyncExecutor host, AsyncExecutor before) {
    this.origin = origin;
    this.host = host;
    this.before = before;
  }

  /**
   * What a frame has for its executor once it has moved.
   *
   * @param from what it has now
   */
  static AsyncExecutor of(AsyncExecutor from, AsyncExecutor host) {
    if (from instanceof Guest guest) {
      return host == guest.origin ? host : new Guest(guest.origin, host, guest.host);
    }
    return host == from ? host : new Guest(from, host, from);
  }

  /** The executor that resumes a frame. */
  static @Nullable AsyncExecutor hostOf(@Nullable AsyncExecutor executor) {
    return executor instanceof Guest guest ? guest.host : executor;
  }

  // ---- what frames ask

  @Override
  public void schedule(Frame<?> frame) {
    host.schedule(frame);
  }

  @Override
  public void scheduleYielded(Frame<?> frame) {
    host.scheduleYielded(frame);
  }

  @Override
  public @Nullable ClassLoader contextClassLoader() {
    return host.contextClassLoader();
  }

  @Override
  public void detached(Frame<?> call) {
    origin.detached(call);
  }

  @Override
  public void attached(Frame<?> call) {
    origin.attached(call);
  }

  // ---- what nobody asks

  @Override
  public <T extends @Nullable Object> Task<T> spawn(Callable<? extends CompletionStage<T>> body) {
    return host.spawn(body);
  }

  @Override
  public <T extends @Nullable Object> Task<T> spawnBlocking(Callable<T> call) {
    return host.spawnBlocking(call);
  }

  @Override
  public Task<@Nullable Void> sleep(Duration duration) {
    return host.sleep(duration);
  }

  @Override
  public <T extends @Nullable Object> T blockOn(Callable<? extends CompletionStage<T>> body)
      throws Exception {
    return host.blockOn(body);
  }

  @Override
  public void execute(Runnable command) {
    host.execute(command);
  }

  @Override
  public boolean isShutdown() {
    return host.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return host.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return host.awaitTermination(timeout, unit);
  }

  @Override
  public void shutdown() {
    throw notIts();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw notIts();
  }

  @Override
  public void close() {
    throw notIts();
  }

  @Override
  public void close(Duration bound) {
    throw notIts();
  }

  private static UnsupportedOperationException notIts() {
    return new UnsupportedOperationException("a guest does not close its host");
  }
}
