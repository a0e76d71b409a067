package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Closing an executor: what is parked is cancelled, and no future is left incomplete. */
@Timeout(120)
class CloseTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().name("closing").workers(2).noDriver().build();

  @Test
  void runsTheFinallyBlocksOfWhatIsParked() {
    List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
    CountDownLatch parked = new CountDownLatch(1);
    Task<String> task =
        executor.spawn(
            () -> {
              Task<String> source = new Task<>();
              HandWritten<String> method =
                  new HandWritten<>(
                      executor,
                      (self, state, awaited) -> {
                        if (state == 0) {
                          parked.countDown();
                          return self.await(source, 1);
                        }
                        try {
                          return Settled.value(Await.take(awaited));
                        } catch (CancellationException e) {
                          events.add("cancelled");
                          throw e;
                        } finally {
                          events.add("finally");
                        }
                      });
              method.run();
              return method;
            });
    ExecutorServiceTest.awaitQuietly(parked);
    executor.close();
    assertThat(task).isCancelled();
    assertThat(events).containsExactly("cancelled", "finally");
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void doesNothingTheSecondTime() {
    executor.close();
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void namesWhatDoesNotEndInTime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    executor.execute(new Stubborn(started, release));
    executor.spawnBlocking(
        () -> {
          started.countDown();
          while (true) {
            try {
              release.await();
              return null;
            } catch (InterruptedException e) {
              // that is what makes it late
            }
          }
        });
    started.await();
    Task<String> behind = executor.spawn(() -> new CompletableFuture<>());
    assertThatThrownBy(() -> executor.close(Duration.ofMillis(100)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("closing")
        .hasMessageContaining("PT0.1S")
        .hasMessageContaining(Stubborn.class.getName())
        .hasMessageContaining("blocking call of a lambda of " + CloseTest.class.getName());
    assertThat(behind).isDone();
    release.countDown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private record Stubborn(CountDownLatch started, CountDownLatch release) implements Runnable {
    @Override
    public void run() {
      started.countDown();
      ExecutorServiceTest.awaitQuietly(release);
    }
  }

  @Test
  void closeWithoutABoundLogsWhatDoesNotEnd() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(WorkStealingExecutor.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    try {
      executor.execute(new Stubborn(started, release));
      started.await();
      executor.close();
      assertThat(appender.list)
          .singleElement()
          .satisfies(
              event -> assertThat(event.getFormattedMessage()).contains(Stubborn.class.getName()));
    } finally {
      release.countDown();
      logger.detachAppender(appender);
    }
  }

  @Test
  void reportsWhatDoesNotEndInTime() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(2);
    Task<String> stubborn =
        executor.spawn(
            "stubborn",
            () -> {
              new Stubborn(started, release).run();
              return Async.done("end");
            });
    Task<String> blocking =
        executor.spawnBlocking(
            () -> {
              started.countDown();
              while (true) {
                try {
                  release.await();
                  return "end";
                } catch (InterruptedException e) {
                  // that is what makes it late
                }
              }
            });
    started.await();
    CloseReport report = executor.close(Duration.ofMillis(10), Duration.ofMillis(10));
    assertThat(report.ended()).isFalse();
    assertThat(report.unended()).hasSize(2);
    assertThat(report.unended().get(0).name()).isEqualTo("stubborn");
    assertThat(report.unended().get(0).id()).isEqualTo(stubborn.id());
    assertThat(report.unended().get(1).blocking()).isTrue();
    assertThat(report.toString()).contains("stubborn").contains("closing").contains("PT0.02S");
    assertThat(blocking).isCancelled();
    release.countDown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tasksMayEndByThemselvesWhileItDrains() {
    Task<String> task =
        executor.spawn(() -> executor.sleep(Duration.ofMillis(20)).thenApply(slept -> "ended"));
    CloseReport report = executor.close(Duration.ofSeconds(20), Duration.ofSeconds(20));
    assertThat(report.ended()).isTrue();
    assertThat(report.unended()).isEmpty();
    assertThat(task.join()).isEqualTo("ended");
  }

  @Test
  void refusesToWaitForItself() throws Exception {
    assertThatThrownBy(
            () ->
                executor.blockOn(
                    () -> {
                      executor.close();
                      return Async.done();
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wait for itself");
    executor.close(Duration.ofSeconds(10));
  }

  @Test
  void aTaskMayShutItsExecutorDown() throws Exception {
    executor
        .spawn(
            () -> {
              executor.shutdown();
              return Async.done();
            })
        .get(10, TimeUnit.SECONDS);
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancelsSleeps() throws Exception {
    Task<Void> sleep = executor.sleep(Duration.ofDays(1));
    executor.close(Duration.ofSeconds(10));
    assertThat(sleep).isCancelled();
  }

  @Test
  void rejectsAFrameThatIsWokenLater() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    executor.close();
    source.complete("too late");
    assertThatThrownBy(frame::join).hasMessageContaining("the executor closing is shut down");
  }

  /** Threads outside submit all the while in which another one closes the executor. */
  @RepeatedTest(20)
  void everyFutureEndsThatWasSubmittedMeanwhile() throws Exception {
    List<List<CompletableFuture<?>>> perThread = new ArrayList<>();
    CountDownLatch submitting = new CountDownLatch(3);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      List<CompletableFuture<?>> futures = new ArrayList<>();
      perThread.add(futures);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 3000 && (i < 500 || !executor.isTerminated()); i++) {
                  submitOneOfEach(futures, i);
                  if (i == 100) {
                    submitting.countDown();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    submitting.await();
    executor.close(Duration.ofSeconds(60));
    for (Thread thread : threads) {
      thread.join();
    }
    for (List<CompletableFuture<?>> futures : perThread) {
      for (CompletableFuture<?> future : futures) {
        future.handle((value, error) -> null).get(20, TimeUnit.SECONDS);
      }
    }
  }

  private void submitOneOfEach(List<CompletableFuture<?>> futures, int i) {
    switch (i % 4) {
      case 0 -> futures.add(executor.spawn(() -> executor.spawn(() -> Async.done(1))));
      case 1 -> futures.add(executor.sleep(Duration.ofMillis(i % 3)));
      case 2 -> {
        Task<Integer> source = new Task<>();
        futures.add(HandWritten.awaiting(executor, source));
        source.complete(1);
      }
      default -> futures.add(executor.spawn(() -> executor.sleep(Duration.ofSeconds(100))));
    }
  }

  @Test
  void closeOnAWorkerIsRefusedAndFromOutsideItStillWorks() {
    Task<Object> refused =
        executor.spawn(
            () -> {
              executor.close();
              return Async.done("never");
            });
    assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    executor.close();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void aBoundWithoutEndIsNone() {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    Task<Integer> task =
        executor.spawn(() -> executor.sleep(Duration.ofMillis(20)).thenApply(slept -> 1));
    assertThat(executor.close(forEver, forEver).ended()).isTrue();
    assertThat(task.join()).isOne();
  }

  @Test
  void shutdownNowReturnsCommandsThatHaveNotRun() throws Exception {
    WorkStealingExecutor one = WorkStealingExecutor.builder().workers(1).noDriver().build();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    one.execute(
        () -> {
          running.countDown();
          ExecutorServiceTest.awaitQuietly(end);
        });
    ExecutorServiceTest.awaitQuietly(running);
    Runnable never = () -> {};
    one.execute(never);
    assertThat(one.shutdownNow()).containsExactly(never);
    end.countDown();
    assertThat(one.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }
}
