package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Async methods on threads that belong to others: Swing's event thread, a pool, one's own. */
class ExecutorAdapterTest {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(run -> new Thread(run, "the one"));
  private final WorkStealingExecutor services =
      WorkStealingExecutor.builder().workers(1).noDriver().build();
  private final ExecutorAdapter adapter = ExecutorAdapter.of(thread, services);

  @AfterEach
  void close() {
    adapter.close();
    services.close();
    thread.shutdownNow();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  /** Awaits each, and notes the thread and the current executor before and after each. */
  private static CompletableFuture<Void> visits(
      List<Object> seen, List<java.util.function.Supplier<? extends CompletableFuture<?>>> steps) {
    return new HandWritten<Void>(
            (self, state, awaited) -> {
              if (awaited != null) {
                Await.take(awaited);
              }
              seen.add(Thread.currentThread().getName());
              seen.add(String.valueOf(AsyncExecutor.current()));
              return state == steps.size()
                  ? Async.done()
                  : self.await(steps.get(state).get(), state + 1);
            })
        .call();
  }

  @Test
  void everyPartOfATaskRunsOnItsThread() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    get(
        adapter.spawn(
            () ->
                visits(
                    seen,
                    List.of(
                        Async::yieldNow,
                        () -> Async.sleep(Duration.ofMillis(1)),
                        () -> Async.spawnBlocking(() -> "read"),
                        () -> (CompletableFuture<?>) services.submit(() -> "computed"),
                        () -> Async.spawn(Async::done)))));
    assertThat(seen).hasSize(12);
    for (int i = 0; i < seen.size(); i += 2) {
      assertThat(seen.get(i)).isEqualTo("the one");
      assertThat(seen.get(i + 1)).asString().startsWith("adapter of ");
    }
    assertThat(get(CompletableFuture.supplyAsync(AsyncExecutor::current, thread))).isNull();
  }

  @Test
  void swingsEventThreadIsOne() throws Exception {
    try (ExecutorAdapter ui = ExecutorAdapter.of(SwingUtilities::invokeLater, services)) {
      boolean there =
          ui.blockOn(
              () ->
                  new HandWritten<Boolean>(
                          (self, state, awaited) -> {
                            assertThat(SwingUtilities.isEventDispatchThread()).isTrue();
                            return state == 3
                                ? Settled.value(true)
                                : self.await(Async.spawnBlocking(() -> 1), state + 1);
                          })
                      .call());
      assertThat(there).isTrue();
    }
  }

  @Test
  void aMethodMovesThereAndBack() throws Exception {
    List<Object> seen = new CopyOnWriteArrayList<>();
    get(
        services.spawn(
            () -> visits(seen, List.of(() -> Async.on(adapter), () -> Async.on(services)))));
    assertThat(seen.get(2)).isEqualTo("the one");
    assertThat(seen.get(4)).isEqualTo(seen.get(0));
  }

  @Test
  void aTaskOfItsOwnMayNotBlockForAnother() throws Exception {
    Task<Object> task = adapter.spawn(() -> Settled.value(adapter.blockOn(Async::done)));
    assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(IllegalStateException.class);
    Task<Object> closes =
        adapter.spawn(
            () -> {
              adapter.close();
              return Async.done("closed");
            });
    assertThatThrownBy(() -> get(closes)).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(get((CompletableFuture<Integer>) adapter.submit(() -> 1))).isEqualTo(1);
  }

  @Test
  void closeCancelsWhatWaitsThereAndLetsItCleanUp() throws Exception {
    Task<Void> gate = new Task<>();
    CountDownLatch inside = new CountDownLatch(1);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Task<Void> task =
        adapter.spawn(
            () -> {
              inside.countDown();
              return new HandWritten<Void>(
                      (self, state, awaited) -> {
                        if (state == 0) {
                          return self.await(gate, 1);
                        }
                        seen.add(awaited.isCompletedExceptionally());
                        seen.add(Thread.currentThread().getName());
                        return state == 1 ? self.await(Async.yieldNow(), 2) : Async.done();
                      })
                  .call();
            });
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    adapter.close(Duration.ofMinutes(1));
    assertThat(seen).containsExactly(true, "the one", false, "the one");
    assertThatThrownBy(() -> get(task)).isInstanceOf(CancellationException.class);
    assertThat(adapter.isTerminated()).isTrue();
    assertThat(thread.isShutdown()).isFalse();
    assertThatThrownBy(() -> get(adapter.spawn(Async::done)))
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> adapter.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void whatTheExecutorDoesNotAcceptFails() throws Exception {
    Task<Void> gate = new Task<>();
    CountDownLatch inside = new CountDownLatch(1);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Task<Void> task =
        adapter.spawn(
            () -> {
              inside.countDown();
              return new HandWritten<Void>(
                      (self, state, awaited) -> {
                        if (state == 0) {
                          return self.await(gate, 1);
                        }
                        try { // as a finally block would
                          Await.take(awaited);
                        } catch (HaltedError halted) {
                          seen.add("cleaned up");
                          throw halted;
                        }
                        return Async.done();
                      })
                  .call();
            });
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    thread.shutdown();
    assertThat(thread.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    gate.complete(null);
    assertThatThrownBy(() -> get(task))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(seen).containsExactly("cleaned up");
    assertThatThrownBy(() -> get(adapter.spawn(Async::done)))
        .hasCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void whoMovesToOneThatDoesNotAcceptItIsToldWhereItWas() throws Exception {
    thread.shutdown();
    Task<AsyncExecutor> task =
        services.spawn(
            () ->
                new HandWritten<AsyncExecutor>(
                        (self, state, awaited) -> {
                          if (state == 0) {
                            return self.await(Async.on(adapter), 1);
                          }
                          assertThatThrownBy(() -> Await.take(awaited))
                              .isInstanceOf(RejectedExecutionException.class);
                          return Settled.value(AsyncExecutor.current());
                        })
                    .call());
    assertThat(get(task)).isSameAs(services);
  }

  @Test
  void whatAnExecutorLosesEndsWithTheBound() throws Exception {
    Deque<Runnable> lost = new ArrayDeque<>();
    ExecutorAdapter dead = ExecutorAdapter.of(lost::add, services);
    AtomicInteger runs = new AtomicInteger();
    Task<Integer> task = dead.spawn(() -> Settled.value(runs.incrementAndGet()));
    assertThatThrownBy(() -> dead.close(Duration.ofMillis(10)))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> get(task)).isInstanceOf(CancellationException.class);
    assertThat(task.awaitFinished(Duration.ofMinutes(1))).isTrue();
    lost.forEach(Runnable::run); // too late
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTaskWithinATaskHasItsOwnBudgetAndContext() throws Exception {
    // As a modal dialog does it: a task that runs what is queued, before it goes on.
    Deque<Runnable> queue = new ArrayDeque<>();
    Executor dialog =
        command -> {
          synchronized (queue) {
            queue.add(command);
          }
        };
    AsyncLocal<String> local = new AsyncLocal<>();
    try (ExecutorAdapter nested = ExecutorAdapter.of(dialog, services)) {
      Task<String> outer =
          local.run(
              "outer",
              () ->
                  nested.spawn(
                      () -> {
                        Task<String> inner =
                            local.run(
                                "inner", () -> nested.spawn(() -> Settled.value(local.get())));
                        queue.remove().run();
                        return Settled.value(
                            inner.getNow("late")
                                + " "
                                + local.get()
                                + " "
                                + (AsyncExecutor.current() == nested));
                      }));
      queue.remove().run();
      assertThat(get(outer)).isEqualTo("inner outer true");
      assertThat(AsyncExecutor.current()).isNull();
    }
  }

  @Test
  void oneThatRunsAsyncMethodsByItselfNeedsNone() {
    assertThatThrownBy(() -> ExecutorAdapter.of(services))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
