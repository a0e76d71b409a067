package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A method that a debugger steps through does not suspend, and others do. Each body here asks
 * {@link Await#isReady} as woven code does at an await; false there means that it would suspend.
 */
class AwaitInPlaceTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().name("stepped").workers(1).noDriver().build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  private <T> T run(Callable<T> body) throws Exception {
    return executor.spawn(() -> Async.done(body.call())).get(60, TimeUnit.SECONDS);
  }

  /** A future that is completed by a task queued behind the running one. */
  private static CompletableFuture<String> later(Executor executor) {
    CompletableFuture<String> future = new CompletableFuture<>();
    executor.execute(() -> future.complete("there"));
    return future;
  }

  @Test
  void anAwaitWaitsWhileAnotherThreadHasTheWorker() throws Exception {
    List<String> seen =
        run(
            () -> {
              Async.awaitInPlace();
              CompletableFuture<String> first = later(executor);
              assertThat(Await.isReady(first)).isTrue();
              CompletableFuture<String> second = later(executor);
              assertThat(Await.isReady(second)).isTrue();
              return List.of(Await.take(first), Await.take(second));
            });
    assertThat(seen).containsExactly("there", "there");
  }

  @Test
  void itSaysWhichMethod() throws Exception {
    assertThat(lambda$async$pay())
        .isEqualTo("awaits of dev.weft.frame.AwaitInPlaceTest.pay wait in place until it returns");
  }

  /** Named as the weaver names what the method becomes. */
  private static String lambda$async$pay() {
    return Async.awaitInPlace();
  }

  @Test
  void aTaskIsWaitedForUntilItIsFinished() throws Exception {
    boolean finished =
        run(
            () -> {
              Async.awaitInPlace();
              Task<Void> pause = Async.sleep(Duration.ofMillis(1));
              assertThat(Await.isReady(pause)).isTrue();
              return pause.isFinished();
            });
    assertThat(finished).isTrue();
  }

  @Test
  void aFailureIsThrownByTheAwait() throws Exception {
    assertThatThrownBy(
            () ->
                run(
                    () -> {
                      Async.awaitInPlace();
                      CompletableFuture<String> future = new CompletableFuture<>();
                      executor.execute(
                          () -> future.completeExceptionally(new IOException("on purpose")));
                      assertThat(Await.isReady(future)).isTrue();
                      return Await.take(future);
                    }))
        .hasCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("on purpose");
  }

  @Test
  void aSpentBudgetDoesNotSuspend() throws Exception {
    int ready =
        run(
            () -> {
              Async.awaitInPlace();
              int count = 0;
              while (count < 1000 && Await.isReady(Async.done())) {
                count++;
              }
              return count;
            });
    assertThat(ready).isEqualTo(1000);
  }

  @Test
  void aYieldIsNone() throws Exception {
    assertThat(
            run(
                () -> {
                  Async.awaitInPlace();
                  return Await.isReady(Async.yieldNow());
                }))
        .isTrue();
  }

  @Test
  void whatTheMethodCallsSuspends() throws Exception {
    assertThat(
            run(
                () -> {
                  Async.awaitInPlace();
                  return wouldNotSuspend(new CompletableFuture<>());
                }))
        .isFalse();
  }

  private static boolean wouldNotSuspend(CompletableFuture<?> future) {
    return Await.isReady(future);
  }

  @Test
  void itEndsWhenTheMethodReturns() throws Exception {
    assertThat(
            run(
                () -> {
                  asks();
                  boolean caller = Await.isReady(new CompletableFuture<>());
                  boolean again = asksAgain();
                  return List.of(caller, again);
                }))
        .containsExactly(false, false);
  }

  private static void asks() {
    Async.awaitInPlace();
  }

  /** At the depth of the one that has asked. */
  private static boolean asksAgain() {
    return Await.isReady(new CompletableFuture<>());
  }

  @Test
  void anotherCallOfTheSameMethodSuspends() throws Exception {
    assertThat(run(() -> step(true))).isTrue();
    assertThat(run(() -> step(false))).isFalse();
  }

  private boolean step(boolean ask) {
    if (ask) {
      Async.awaitInPlace();
    }
    return Await.isReady(ask ? later(executor) : new CompletableFuture<>());
  }

  @Test
  void aMoveSuspends() throws Exception {
    try (WorkStealingExecutor other = WorkStealingExecutor.builder().workers(1).build()) {
      assertThat(
              run(
                  () -> {
                    Async.awaitInPlace();
                    return Await.isReady(Async.on(other));
                  }))
          .isFalse();
    }
  }

  @Test
  void aPlainThreadWaits() {
    Async.awaitInPlace();
    CompletableFuture<String> future = later(executor);
    assertThat(Await.isReady(future)).isTrue();
    assertThat(Await.take(future)).isEqualTo("there");
  }

  @Test
  void whereNobodyCanTakeOverItSuspends() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().build();
        WorkStealingExecutor one = WorkStealingExecutor.builder().deterministic(1).build()) {
      for (AsyncExecutor alone : List.of(node, one)) {
        assertThat(
                alone.blockOn(
                    () -> {
                      Async.awaitInPlace();
                      return Async.done(Await.isReady(new CompletableFuture<>()));
                    }))
            .as(alone.toString())
            .isFalse();
      }
    }
  }
}
