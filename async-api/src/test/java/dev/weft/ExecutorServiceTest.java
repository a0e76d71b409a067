package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The executor as the {@code ExecutorService} that other code takes it for. */
class ExecutorServiceTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  @Test
  void submitReturnsATask() throws Exception {
    Task<String> value = executor.submit(() -> "value");
    assertThat(value.get(60, TimeUnit.SECONDS)).isEqualTo("value");
    assertThat(executor.submit(() -> {}, 7).get(60, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(executor.submit((Runnable) () -> {}).get(60, TimeUnit.SECONDS)).isNull();
    IOException failure = new IOException();
    assertThatThrownBy(
            executor.submit(
                    () -> {
                      throw failure;
                    })
                ::get)
        .cause()
        .isSameAs(failure);
  }

  @Test
  void aSubmittedCallThatIsCancelledFirstIsNotMade() throws Exception {
    try (WorkStealingExecutor one = WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      CountDownLatch occupied = new CountDownLatch(1);
      one.execute(() -> awaitQuietly(occupied));
      Task<String> task =
          one.submit(
              () -> {
                throw new AssertionError("made");
              });
      assertThat(task.cancel(true)).isTrue();
      occupied.countDown();
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      one.close(Duration.ofSeconds(60));
    }
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void invokeAllRunsAllOfThem() throws Exception {
    List<Future<Integer>> futures = executor.invokeAll(List.of(() -> 1, () -> 2, () -> 3));
    assertThat(futures).allMatch(Future::isDone).allMatch(future -> future instanceof Task);
    assertThat(futures.get(2).get()).isEqualTo(3);
    assertThat(executor.invokeAll(List.of(() -> 4), 60, TimeUnit.SECONDS).get(0).get())
        .isEqualTo(4);
  }

  @Test
  void invokeAnyReturnsOneThatSucceeded() throws Exception {
    List<java.util.concurrent.Callable<Integer>> calls =
        List.of(
            () -> {
              throw new IOException();
            },
            () -> 5);
    assertThat(executor.invokeAny(calls)).isEqualTo(5);
    assertThat(executor.invokeAny(calls, 60, TimeUnit.SECONDS)).isEqualTo(5);
    assertThatThrownBy(() -> executor.invokeAny(List.of(calls.get(0))))
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void anExceptionFromExecuteGoesToTheUncaughtHandlerAndHarmsNobody() throws Exception {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    RuntimeException failure = new RuntimeException("uncaught");
    executor.execute(
        () -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> seen.complete(e));
          throw failure;
        });
    assertThat(seen.get(60, TimeUnit.SECONDS)).isSameAs(failure);
    assertThat(executor.submit(() -> 1).get(60, TimeUnit.SECONDS)).isOne();
  }

  @Test
  void servesCompletableFuture() throws Exception {
    CompletableFuture<Thread> on =
        CompletableFuture.supplyAsync(() -> 1, executor)
            .thenApplyAsync(x -> Thread.currentThread(), executor);
    assertThat(on.get(60, TimeUnit.SECONDS).getName()).startsWith("weft-worker-");
  }

  @Test
  void shutdownLetsWhatWasStartedEnd() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> parkedOn = new CompletableFuture<>();
    Task<String> running =
        executor.submit(
            () -> {
              awaitQuietly(release);
              return "ran";
            });
    Task<String> parked = executor.spawn(() -> parkedOn);
    Task<String> blocking =
        executor.spawnBlocking(
            () -> {
              release.await();
              return "blocked";
            });
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    release.countDown();
    assertThat(running.get(60, TimeUnit.SECONDS)).isEqualTo("ran");
    assertThat(blocking.get(60, TimeUnit.SECONDS)).isEqualTo("blocked");
    assertThat(executor.isTerminated()).isFalse();
    parkedOn.complete("resumed");
    assertThat(parked.get(60, TimeUnit.SECONDS)).isEqualTo("resumed");
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdownLetsASleepThatATaskAwaitsEnd() throws Exception {
    Task<String> task =
        executor.spawn(() -> executor.sleep(Duration.ofMillis(50)).thenApply(x -> "slept"));
    executor.shutdown();
    assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("slept");
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shutdownNowCancels() throws Exception {
    Task<String> parkedOn = new Task<>();
    Task<String> parked = executor.spawn(() -> parkedOn);
    CompletableFuture<Throwable> interruption = new CompletableFuture<>();
    CountDownLatch started = new CountDownLatch(1);
    Task<Object> blocking =
        executor.spawnBlocking(
            () -> {
              started.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interruption.complete(e);
                throw e;
              }
              return null;
            });
    started.await();
    assertThat(executor.shutdownNow()).isEmpty();
    assertThat(parked).isCancelled();
    assertThat(blocking).isCancelled();
    assertThat(interruption.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }
}
