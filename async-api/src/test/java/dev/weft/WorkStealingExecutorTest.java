package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application sees of the executor: spawn, blockOn, sleep, spawnBlocking. */
class WorkStealingExecutorTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().name("test").workers(2).noDriver().build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  @Test
  void runsABodyOnItsOwnThreads() throws Exception {
    String thread =
        executor.blockOn(() -> CompletableFuture.completedFuture(Thread.currentThread().getName()));
    assertThat(thread).startsWith("test-worker-");
  }

  @Test
  void isCurrentInsideItsTasksOnly() throws Exception {
    assertThat(AsyncExecutor.current()).isNull();
    assertThat(executor.<AsyncExecutor>blockOn(() -> Async.done(AsyncExecutor.current())))
        .isSameAs(executor);
    assertThat(executor.spawnBlocking(AsyncExecutor::current).get()).isNull();
  }

  @Test
  void forwardsTheStageThatABodyReturns() throws Exception {
    CompletableFuture<String> later = new CompletableFuture<>();
    Task<String> task = executor.spawn(() -> later);
    later.complete("value");
    assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("value");
  }

  @Test
  void throwsFromBlockOnWhatTheBodyFailedWith() {
    assertThatThrownBy(
            () ->
                executor.blockOn(
                    () -> {
                      throw new IOException("broken");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThatThrownBy(
            () -> executor.blockOn(() -> CompletableFuture.failedFuture(new AssertionError("no"))))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no");
  }

  @Test
  void refusesToBlockItsOwnThreads() {
    assertThatThrownBy(
            () -> executor.blockOn(() -> Async.done(executor.blockOn(() -> Async.done(1)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("blockOn")
        .hasMessageContaining("test-worker-");
    assertThatThrownBy(
            () -> executor.blockOn(() -> Async.done(executor.invokeAll(List.of(() -> 1)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("invokeAll");
  }

  @Test
  void cancelsTheBodyWhenTheBlockedThreadIsInterrupted() throws Exception {
    Task<Void> parkedOn = executor.sleep(Duration.ofDays(1));
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                executor.blockOn(
                    () -> {
                      started.countDown();
                      return parkedOn;
                    });
              } catch (Throwable error) {
                thrown.complete(error);
              }
            });
    thread.start();
    started.await();
    thread.interrupt();
    assertThat(thrown.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> parkedOn.get(60, TimeUnit.SECONDS))
        .isInstanceOf(java.util.concurrent.CancellationException.class);
  }

  @Test
  void sleepsForAtLeastTheTimeAskedFor() throws Exception {
    for (int millis : new int[] {1, 5, 70}) {
      long start = System.nanoTime();
      executor.sleep(Duration.ofMillis(millis)).get(60, TimeUnit.SECONDS);
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(millis)));
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000L * millis);
    }
    assertThat(executor.sleep(Duration.ZERO)).isCompleted();
    assertThat(executor.sleep(Duration.ofMillis(-1))).isCompleted();
  }

  @Test
  void runsManyTasksFromOutside() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    List<Task<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int value = i;
      tasks.add(
          executor.spawn(
              () -> {
                ran.incrementAndGet();
                return Async.done(value);
              }));
    }
    for (int i = 0; i < tasks.size(); i++) {
      assertThat(tasks.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i);
    }
    assertThat(ran).hasValue(10_000);
  }

  @Test
  void runsABlockingCallElsewhere() throws Exception {
    assertThat(executor.spawnBlocking(() -> Thread.currentThread().getName()).get())
        .startsWith("test-blocking-");
    assertThatThrownBy(
            () ->
                executor
                    .spawnBlocking(
                        () -> {
                          throw new IOException("disk");
                        })
                    .get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void failsWhatIsStartedAfterClose() throws Exception {
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(executor.spawn(() -> Async.done(1)))
        .isCompletedExceptionally()
        .satisfies(
            task ->
                assertThatThrownBy(task::get)
                    .hasCauseInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("test is shut down"));
    assertThat(executor.spawnBlocking(() -> 1)).isCompletedExceptionally();
    assertThat(executor.sleep(Duration.ofMillis(1))).isCompletedExceptionally();
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.blockOn(() -> Async.done(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void theSharedOneCannotBeClosed() throws Exception {
    WorkStealingExecutor shared = WorkStealingExecutor.shared();
    assertThatThrownBy(shared::close)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("builder()");
    assertThatThrownBy(shared::shutdown).isInstanceOf(UnsupportedOperationException.class);
    assertThat(Async.spawn(() -> Async.done(AsyncExecutor.current())).get()).isSameAs(shared);
  }
}
