package dev.weft.stream;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code mapAsync}: one task asks for the elements, and each element is a task, until its result is
 * taken. In order, the results are awaited as the tasks were started; else as they have ended.
 */
final class MapAsyncIntake extends Intake {
  private final Chain upstream;
  private final int parallelism;
  private final ThrowingFunction<Object, ? extends CompletionStage<?>> function;
  private final boolean ordered;

  /** In order: what was started. Else: what has ended. */
  private final Outlet<Task<?>> outlet = new Outlet<>(Integer.MAX_VALUE);

  private @Nullable Task<?> driver;

  /** In order: what is to be the next result. */
  private @Nullable Task<?> first;

  private CompletableFuture<?> awaited = READY;

  // ---- guarded by this

  /** Whose result was not taken yet. */
  private final Set<Task<?>> calls = new LinkedHashSet<>();

  private @Nullable Signal room;

  /** Who will yet put something into the outlet, where that is not in order. */
  private int open = 1;

  private @Nullable Throwable failure;
  private boolean closed;

  private MapAsyncIntake(
      Chain upstream,
      int parallelism,
      ThrowingFunction<Object, ? extends CompletionStage<?>> function,
      boolean ordered) {
    this.upstream = upstream;
    this.parallelism = parallelism;
    this.function = function;
    this.ordered = ordered;
  }

  @SuppressWarnings("unchecked") // of the stream's elements
  static MapAsyncIntake over(
      AsyncStream<?> stream,
      int parallelism,
      ThrowingFunction<?, ? extends CompletionStage<?>> function,
      boolean ordered) {
    Arguments.atLeast(1, parallelism, "the parallelism");
    return new MapAsyncIntake(
        Pipeline.take(stream),
        parallelism,
        (ThrowingFunction<Object, ? extends CompletionStage<?>>) function,
        ordered);
  }

  @Override
  @Nullable Object poll() throws Exception {
    if (driver == null) {
      driver = Children.spawn("mapAsync", upstream, new Starting());
      driver.whenComplete((nothing, error) -> ended(error));
    }
    if (first == null) {
      Object came = outlet.take();
      if (!(came instanceof Task<?> call)) {
        awaited = outlet.change(1);
        return came;
      }
      first = call;
    }
    Task<?> call = first;
    if (!call.isFinished()) {
      awaited = call;
      return WAIT;
    }
    first = null;
    taken(call);
    return Objects.requireNonNull(
        Await.<@Nullable Object>take(erased(call)),
        "mapAsync: the function's stage ended with null");
  }

  @SuppressWarnings("unchecked")
  private static Task<@Nullable Object> erased(Task<?> task) {
    return (Task<@Nullable Object>) task;
  }

  @Override
  CompletableFuture<?> awaited() {
    return awaited;
  }

  private void taken(Task<?> call) {
    Signal waiting;
    synchronized (this) {
      calls.remove(call);
      waiting = room;
      room = null;
    }
    Signal.giveIfAny(waiting);
  }

  /** The driver has ended; or, where that is not in order, a call. */
  private void ended(@Nullable Throwable error) {
    Throwable first;
    synchronized (this) {
      if (error != null) {
        failure = error;
      }
      if (--open > 0) {
        return;
      }
      first = failure;
    }
    outlet.end(first);
  }

  @Override
  Task<@Nullable Void> close() {
    List<Task<?>> running;
    synchronized (this) {
      closed = true;
      running = new ArrayList<>(calls);
    }
    if (driver != null) {
      running.add(driver);
    }
    return Shutdown.of(running, List.of(upstream));
  }

  private final class Starting extends Sink {
    @Override
    @Nullable CompletionStage<?> accept(Object element) {
      Task<?> call = spawn(element);
      if (ordered) {
        outlet.put(call);
      } else {
        call.whenComplete(
            (value, error) -> {
              outlet.put(call);
              ended(null);
            });
      }
      synchronized (MapAsyncIntake.this) {
        if (calls.size() < parallelism) {
          return null;
        }
        Signal free = new Signal();
        room = free;
        return free;
      }
    }

    /** Within the lock: who closes this finds it among the calls, or it is not started. */
    @SuppressWarnings("unchecked")
    private Task<?> spawn(Object element) {
      synchronized (MapAsyncIntake.this) {
        if (closed) {
          throw Chain.closed();
        }
        Task<?> call =
            AsyncExecutor.currentOrShared()
                .spawn(
                    "mapAsync",
                    () ->
                        (Task<Object>)
                            Async.cancelling(
                                Objects.requireNonNull(
                                    function.apply(element),
                                    "mapAsync: the function returned no stage")));
        calls.add(call);
        open += ordered ? 0 : 1;
        return call;
      }
    }

    @Override
    boolean closesStream() {
      return false;
    }
  }
}
