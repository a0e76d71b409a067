package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The executor as the {@code ScheduledExecutorService} that other code takes it for. */
class ScheduledExecutorTest {
  private final VirtualClock clock = new VirtualClock();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().clock(clock).build();
  private final ScheduledExecutorService scheduled = executor;

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  @Test
  void makesACallAfterADelay() throws Exception {
    ScheduledFuture<String> call =
        scheduled.schedule(() -> "at " + clock.elapsed(), 90, TimeUnit.MINUTES);
    assertThat(call.get()).isEqualTo("at PT1H30M");
    assertThat(scheduled.schedule(() -> {}, -1, TimeUnit.SECONDS).get()).isNull();
    IOException error = new IOException();
    ScheduledFuture<String> failing =
        scheduled.schedule(
            () -> {
              throw error;
            },
            1,
            TimeUnit.DAYS);
    assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class).hasCause(error);
  }

  @Test
  void runsAtAFixedRateUntilCancelled() throws Exception {
    ConcurrentLinkedQueue<Duration> runs = new ConcurrentLinkedQueue<>();
    CountDownLatch three = new CountDownLatch(3);
    ScheduledFuture<?> task =
        scheduled.scheduleAtFixedRate(
            () -> {
              if (three.getCount() > 0) { // it goes on, as fast as it can, until it is cancelled
                runs.add(clock.elapsed());
              }
              three.countDown();
            },
            1,
            10,
            TimeUnit.SECONDS);
    three.await();
    assertThat(task.cancel(true)).isTrue();
    assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
    assertThat(runs)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(11), Duration.ofSeconds(21));
  }

  @Test
  void runsWithAFixedDelayUntilItThrows() {
    ConcurrentLinkedQueue<Duration> runs = new ConcurrentLinkedQueue<>();
    IllegalStateException error = new IllegalStateException("third");
    ScheduledFuture<?> task =
        scheduled.scheduleWithFixedDelay(
            () -> {
              runs.add(clock.elapsed());
              if (runs.size() == 3) {
                throw error;
              }
            },
            0,
            7,
            TimeUnit.SECONDS);
    assertThatThrownBy(task::get).hasCause(error);
    assertThat(runs).containsExactly(Duration.ZERO, Duration.ofSeconds(7), Duration.ofSeconds(14));
  }

  @Test
  void aCancelledCallIsNotMadeAndFreesItsTimer() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    Task<Object> busy =
        executor.spawnBlocking(
            () -> {
              hold.await(); // so that time stands still
              return null;
            });
    ScheduledFuture<?> first = scheduled.schedule(() -> {}, 1, TimeUnit.HOURS);
    ScheduledFuture<?> second = scheduled.schedule(() -> {}, 2, TimeUnit.HOURS);
    assertThat(first.compareTo(second)).isNegative();
    assertThat(first.getDelay(TimeUnit.MINUTES)).isEqualTo(60);
    assertThat(executor.toString()).contains("2 timers");
    first.cancel(false);
    second.cancel(false);
    assertThat(executor.toString()).contains("0 timers");
    hold.countDown();
    busy.get();
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  void shutdownDoesNotWaitForDelays() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    executor.spawnBlocking(
        () -> {
          hold.await();
          return null;
        });
    ScheduledFuture<?> later = scheduled.schedule(() -> {}, 1, TimeUnit.HOURS);
    scheduled.shutdown();
    hold.countDown();
    assertThat(scheduled.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(later.isDone()).isTrue();
    assertThatThrownBy(() -> scheduled.schedule(() -> {}, 1, TimeUnit.HOURS))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aCancelledCallIsFinishedWhenItHasEnded() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(2).noDriver().build()) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch gate = new CountDownLatch(1);
      Task<?> task =
          (Task<?>)
              executor.schedule(
                  () -> {
                    running.countDown();
                    boolean interrupted = true;
                    while (interrupted) {
                      try {
                        gate.await();
                        interrupted = false;
                      } catch (InterruptedException again) {
                        // it is asked to end, and takes its time
                      }
                    }
                    return "";
                  },
                  1,
                  TimeUnit.MILLISECONDS);
      assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
      Task<?> end = task.finished();
      task.cancel(true);
      assertThat(task).isCancelled();
      assertThat(task.isFinished()).isFalse();
      assertThat(end).isNotDone();
      gate.countDown();
      assertThat(task.awaitFinished(Duration.ofSeconds(60))).isTrue();
      end.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void workUnderWayMaySchedule() throws Exception {
    WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).noDriver().build();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    Task<Task<?>> task =
        executor.spawn(
            () -> {
              running.countDown();
              closing.await();
              return Async.done(
                  (Task<?>) executor.schedule(() -> "made", 0, TimeUnit.MILLISECONDS));
            });
    assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    executor.shutdown();
    assertThatThrownBy(() -> executor.schedule(() -> "", 0, TimeUnit.MILLISECONDS))
        .isInstanceOf(RejectedExecutionException.class);
    closing.countDown();
    task.get(60, TimeUnit.SECONDS);
    executor.close();
  }

  /** Whatever gives it an outcome, and whatever is under way then. */
  @Test
  void whoAwaitsOneThatIsCompletedFromOutsideIsWoken() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(2).noDriver().build()) {
      Task<?> asleep = (Task<?>) executor.schedule(() -> "", Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      asleep.completeExceptionally(new IOException("from outside"));
      assertThat(asleep.awaitFinished(Duration.ofSeconds(60))).isTrue();

      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch gate = new CountDownLatch(1);
      Task<?> periodic =
          (Task<?>)
              executor.scheduleAtFixedRate(
                  () -> {
                    running.countDown();
                    boolean open = false;
                    while (!open) {
                      try {
                        gate.await();
                        open = true;
                      } catch (InterruptedException e) {
                        // goes on
                      }
                    }
                  },
                  0,
                  1,
                  TimeUnit.HOURS);
      assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
      periodic.complete(null);
      Task<?> end = periodic.finished();
      assertThat(end).isNotDone();
      gate.countDown();
      end.get(60, TimeUnit.SECONDS);
    }
  }
}
