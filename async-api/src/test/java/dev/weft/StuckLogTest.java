package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weft.log.LogQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers and loops go on, and executors end, while the log takes nothing: a full pipe, say. */
@Timeout(120)
class StuckLogTest {
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @RegisterExtension
  final Logged hooks = new Logged("dev.weft.scheduler.thread.Hooks", this::append);

  @RegisterExtension
  final Logged unheard = new Logged("dev.weft.scheduler.task.UnheardFailures", this::append);

  @RegisterExtension final Logged loop = new Logged("dev.weft.node.loop.BlockedLoop", this::append);

  @RegisterExtension
  final Logged slow = new Logged("dev.weft.scheduler.watch.SlowPolls", line -> takeNothing());

  @RegisterExtension final Logged close = new Logged(WorkStealingExecutor.class, this::append);

  private void append(ILoggingEvent line) {
    takeNothing();
    lines.add(line.getFormattedMessage());
  }

  private void takeNothing() {
    stuck.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void release() {
    release.countDown();
  }

  private static Task<Integer> failing(AsyncExecutor executor) {
    return executor.spawn(
        () -> {
          throw new IllegalStateException("not heard of");
        });
  }

  @Test
  void aWorkerGoesOnAndItsExecutorEnds() throws Exception {
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .workers(1)
            .noDriver()
            .onTaskEnd(
                task -> {
                  throw new UnsupportedOperationException("in a hook");
                })
            .build();
    for (int i = 0; i < 3_000; i++) {
      failing(executor);
    }
    stuck.await();
    assertThat(executor.spawn(() -> Async.done("on")).get(60, TimeUnit.SECONDS)).isEqualTo("on");
    executor.close(Duration.ofSeconds(60)); // which reports what nobody has looked at
    assertThat(LogQueue.shared().flush(Duration.ofMillis(1))).isFalse();

    release.countDown();
    Logged.flush();
    assertThat(lines)
        .filteredOn(line -> line.contains("failed, and nobody looked at it"))
        .hasSizeBetween(2, 50)
        .anyMatch(line -> line.contains(" more in the last "));
  }

  @Test
  void soDoesALoop() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().noDriver().build()) {
      executor.execute(
          () ->
              assertThatThrownBy(() -> Async.spawn(Async::done).get(1, TimeUnit.MILLISECONDS))
                  .isInstanceOf(TimeoutException.class)); // which is worth a line in the log
      stuck.await();
      assertThat(executor.spawn(() -> Async.done("on")).get(60, TimeUnit.SECONDS)).isEqualTo("on");
    }
  }

  @Test
  void theMonitorGoesOnToFindSlowPolls() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      for (int i = 1; i <= 3; i++) {
        CountDownLatch found = new CountDownLatch(1);
        Task<Boolean> slow = executor.submit(() -> found.await(60, TimeUnit.SECONDS));
        while (executor.metrics().slowPolls() < i) {
          TimeUnit.MILLISECONDS.sleep(1); // between two looks, until the test's time is over
        }
        found.countDown();
        assertThat(slow.get(60, TimeUnit.SECONDS)).isTrue();
        stuck.await();
      }
      assertThat(executor.slowPolls()).hasSizeGreaterThanOrEqualTo(3);
      assertThat(LogQueue.shared().flush(Duration.ofMillis(1))).as("the log goes on").isFalse();
    }
  }

  @Test
  void whoClosesIsToldWhatDidNotEndAndDoesNotWaitForTheLog() throws Exception {
    WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).noDriver().build();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    executor.execute(
        () -> {
          started.countDown();
          while (end.getCount() > 0) {
            Thread.onSpinWait();
          }
        });
    started.await();
    assertThat(executor.close(Duration.ZERO, Duration.ZERO).ended()).isFalse();
    end.countDown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).isEmpty();
    release.countDown();
    Logged.flush();
    assertThat(lines).singleElement().asString().contains("did not end within");
  }
}
