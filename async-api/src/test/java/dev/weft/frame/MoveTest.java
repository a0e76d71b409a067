package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.AsyncLocal;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A method that awaits {@link Async#on} goes on on the other executor, and its caller does not. */
class MoveTest {
  private final AsyncExecutor x =
      WorkStealingExecutor.builder().name("x").workers(2).noDriver().build();
  private final AsyncExecutor y =
      WorkStealingExecutor.builder().name("y").workers(2).noDriver().build();
  private final AsyncExecutor node = NodeExecutor.builder().name("node").build();

  @AfterEach
  void close() {
    x.close();
    y.close();
    node.close();
  }

  /** Awaits moves to executors, one after the other, and says where it was after each. */
  private static CompletableFuture<List<AsyncExecutor>> through(AsyncExecutor... way) {
    List<AsyncExecutor> been = new ArrayList<>();
    HandWritten<List<AsyncExecutor>> call =
        new HandWritten<>(
            (self, state, awaited) -> {
              if (awaited != null) {
                Await.take(awaited);
                been.add(AsyncExecutor.current());
              }
              return state == way.length
                  ? Settled.value(been)
                  : self.await(Async.on(way[state]), state + 1);
            });
    return call.call();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void itGoesWhereItIsTold() throws Exception {
    assertThat(get(x.spawn(() -> through(y, node, x, node, y))))
        .containsExactly(y, node, x, node, y);
    assertThat(get(node.spawn(() -> through(x, node)))).containsExactly(x, node);
  }

  @Test
  void itGoesThereAlsoFromOutsideAnyExecutor() throws Exception {
    assertThat(get(through(y, x))).containsExactly(y, x);
  }

  @Test
  void itsCallerGoesOnWhereItWas() throws Exception {
    Task<AsyncExecutor> task =
        x.spawn(
            () -> {
              HandWritten<AsyncExecutor> caller =
                  new HandWritten<>(
                      (self, state, awaited) ->
                          state == 0
                              ? self.await(through(y), 1)
                              : Settled.value(AsyncExecutor.current()));
              return caller.call();
            });
    assertThat(get(task)).isSameAs(x);
  }

  @Test
  void whoIsThereGoesStraightOn() throws Exception {
    Task<Boolean> ready =
        y.spawn(() -> Settled.value(Await.isReady((CompletableFuture<?>) Async.on(y))));
    assertThat(get(ready)).isTrue();
    assertThat(Await.isReady(Async.on(y))).isFalse();
  }

  @Test
  void localsGoAlong() throws Exception {
    AsyncLocal<String> local = new AsyncLocal<>();
    Task<String> task =
        x.spawn(
            () ->
                local.run(
                    "mine",
                    () -> {
                      HandWritten<String> call =
                          new HandWritten<>(
                              (self, state, awaited) ->
                                  state == 0
                                      ? self.await(Async.on(y), 1)
                                      : Settled.value(local.get()));
                      return call.call();
                    }));
    assertThat(get(task)).isEqualTo("mine");
  }

  @Test
  void anExecutorThatIsClosedSendsItBack() throws Exception {
    y.close();
    Task<AsyncExecutor> task =
        x.spawn(
            () -> {
              HandWritten<AsyncExecutor> call =
                  new HandWritten<>(
                      (self, state, awaited) -> {
                        if (state == 0) {
                          return self.await(Async.on(y), 1);
                        }
                        if (state == 1) {
                          assertThatThrownBy(() -> Await.take(awaited))
                              .isInstanceOf(RejectedExecutionException.class);
                          return self.await(Async.yieldNow(), 2); // not rejected for good
                        }
                        Await.take(awaited);
                        return Settled.value(AsyncExecutor.current());
                      });
              return call.call();
            });
    assertThat(get(task)).isSameAs(x);
  }

  @Test
  void aCancellationBeforeItIsThrownWhereItWas() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    List<Object> told = new CopyOnWriteArrayList<>();
    Task<Void> task =
        x.spawn(
            () ->
                new HandWritten<Void>(
                        (self, state, awaited) -> {
                          if (state == 0) {
                            return self.await(Async.yieldNow(), 1);
                          }
                          if (state == 1) {
                            inside.countDown();
                            assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
                            return self.await(Async.on(y), 2);
                          }
                          tell(told, awaited);
                          return Async.done();
                        })
                    .call());
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    task.cancel(true);
    cancelled.countDown();
    assertThat(task.awaitFinished(Duration.ofMinutes(1))).isTrue();
    assertThat(told).containsExactly(TaskCancelledException.class, x);
  }

  @Test
  void aCancellationDuringItIsThrownThere() throws Exception {
    ManualExecutor slow = new ManualExecutor();
    List<Object> told = new CopyOnWriteArrayList<>();
    Task<Void> task = x.spawn(() -> tellsWhatItIsTold(told, Async.on(slow)));
    while (slow.queued() == 0) {
      Thread.onSpinWait();
    }
    task.cancel(true);
    slow.runAll();
    assertThat(task.awaitFinished(Duration.ofMinutes(1))).isTrue();
    assertThat(told.get(0)).isEqualTo(TaskCancelledException.class);
  }

  private static void tell(List<Object> told, CompletableFuture<?> outcome) {
    try {
      Await.take(outcome);
      told.add("value");
    } catch (CancellationException error) {
      told.add(error.getClass());
    }
    AsyncExecutor here = AsyncExecutor.current();
    told.add(here == null ? "none" : here);
  }

  /** Awaits something, and notes the outcome and where it is. */
  private static CompletableFuture<Void> tellsWhatItIsTold(List<Object> told, Task<?> awaited) {
    HandWritten<Void> call =
        new HandWritten<>(
            (self, state, outcome) -> {
              if (state == 0) {
                return self.await(awaited, 1);
              }
              tell(told, outcome);
              return Async.done();
            });
    return call.call();
  }

  @Test
  void itIsCancelledAtEachAwaitAfterIt() throws Exception {
    for (int k = 0; k < 4; k++) {
      List<Task<Void>> gates = List.of(new Task<>(), new Task<>(), new Task<>(), new Task<>());
      CountDownLatch reached = new CountDownLatch(1);
      AsyncExecutor[] way = {y, node, x, y};
      int last = k;
      Task<AsyncExecutor> task =
          x.spawn(
              () -> {
                HandWritten<AsyncExecutor> call =
                    new HandWritten<>(
                        (self, state, awaited) -> {
                          if (awaited != null && awaited.isCompletedExceptionally()) {
                            return Settled.value(AsyncExecutor.current());
                          }
                          int at = state / 2;
                          if (state % 2 == 0) {
                            return self.await(Async.on(way[at]), state + 1);
                          }
                          if (at == last) {
                            reached.countDown();
                          } else {
                            gates.get(at).complete(null);
                          }
                          return self.await(gates.get(at), state + 1);
                        });
                return call.call();
              });
      assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<?> end = task.finished();
      task.cancel(true);
      get(end);
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void whereItWasFirstWaitsForItAndCancelsIt() throws Exception {
    CountDownLatch moved = new CountDownLatch(1);
    CompletableFuture<AsyncExecutor> ended = new CompletableFuture<>();
    Task<Void> gate = new Task<>();
    AsyncExecutor first =
        WorkStealingExecutor.builder().name("first").workers(1).noDriver().build();
    first
        .submit(
            () -> { // a call that nobody awaits
              HandWritten<Void> call =
                  new HandWritten<>(
                      (self, state, awaited) -> {
                        if (state == 0) {
                          return self.await(Async.on(y), 1);
                        }
                        if (state == 1) {
                          moved.countDown();
                          return self.await(gate, 2);
                        }
                        ended.complete(AsyncExecutor.current());
                        return Async.done();
                      });
              call.call();
            })
        .get();
    assertThat(moved.await(60, TimeUnit.SECONDS)).isTrue();
    first.close(Duration.ofMinutes(1)); // a timeout would be thrown
    assertThat(ended).isCompletedWithValue(y);
  }

  @Test
  void theScopedFormComesBackAndIsCancelledWithItsCaller() throws Exception {
    Task<AsyncExecutor> there =
        x.spawn(() -> Async.on(y, () -> Settled.value(AsyncExecutor.current())));
    assertThat(get(there)).isSameAs(y);

    Task<Void> gate = new Task<>();
    CountDownLatch inside = new CountDownLatch(1);
    List<Object> told = new CopyOnWriteArrayList<>();
    Task<Void> task =
        x.spawn(
            () ->
                Async.on(
                    y,
                    () -> {
                      CompletableFuture<Void> call = tellsWhatItIsTold(told, gate);
                      inside.countDown();
                      return call;
                    }));
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    task.cancel(true);
    assertThat(task.awaitFinished(Duration.ofMinutes(1))).isTrue();
    assertThat(told).containsExactly(TaskCancelledException.class, y);

    y.close();
    assertThatThrownBy(() -> get(Async.on(y, Async::done)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RejectedExecutionException.class);
  }
}
