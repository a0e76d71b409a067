package dev.weft.node.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.Async;
import dev.weft.Logged;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A loop that blocks for itself says so; other waits are none of that. */
@Timeout(120)
class BlockedLoopTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(BlockedLoop.class);
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

  @BeforeEach
  void listen() {
    reports.start();
    logger.addAppender(reports);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(reports);
  }

  /** Has a loop wait for a task for no longer than a millisecond. */
  private static void waitFor(Task<?> task) {
    assertThatThrownBy(() -> task.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  private static void run(Runnable body) throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().name("busy").build()) {
      executor
          .spawn(
              () -> {
                body.run();
                return Async.done();
              })
          .get(60, TimeUnit.SECONDS);
    }
    Logged.flush();
  }

  @Test
  void aWaitForATaskOfItsOwnIsReportedWithTheLineAndOnce() throws Exception {
    run(
        () -> {
          Task<Void> own = Async.spawn(Async::done);
          waitFor(own);
          waitFor(own);
        });
    assertThat(reports.list).hasSize(1);
    ILoggingEvent report = reports.list.get(0);
    assertThat(report.getFormattedMessage())
        .contains("The loop busy blocks in join() or get()", "await(..)", "BlockedLoopTest");
    assertThat(report.getThrowableProxy().getStackTraceElementProxyArray())
        .anyMatch(it -> it.getStackTraceElement().getMethodName().equals("waitFor"));
  }

  @Test
  void soIsOneForATimer() throws Exception {
    run(() -> waitFor(Async.sleep(Duration.ofDays(1))));
    assertThat(reports.list).hasSize(1);
  }

  /** As in Node, the outcome of a call on the pool comes through the loop. */
  @Test
  void andOneForACallOnItsPool() throws Exception {
    run(() -> waitFor(Async.spawnBlocking(() -> 1)));
    assertThat(reports.list).hasSize(1);
  }

  @Test
  void whatOthersBringIsNotReported() throws Exception {
    Task<String> promise = new Task<>();
    run(
        () -> {
          waitFor(promise);
          assertThat(Async.done().join()).isNull();
        });
    assertThat(reports.list).isEmpty();
  }
}
