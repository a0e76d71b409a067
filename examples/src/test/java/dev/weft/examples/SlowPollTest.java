package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.SlowPoll;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Async methods that block a thread, or compute: the log names the line, and that of the await. */
@Timeout(120)
class SlowPollTest {
  private static final String HERE = SlowPollTest.class.getName();

  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private final Logger logger =
      (Logger) LoggerFactory.getLogger("dev.weft.scheduler.watch.SlowPolls");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          reports.add(event.getFormattedMessage());
        }
      };

  /** Where the method has awaited, and where it went on to block. */
  private volatile int awaitLine;

  private volatile int blockingLine;

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(appender);
  }

  private static int nextLine() {
    return new Throwable().getStackTrace()[1].getLineNumber() + 1;
  }

  private String report() throws InterruptedException {
    String report = reports.poll(60, TimeUnit.SECONDS);
    assertThat(report).as("a report within a minute").isNotNull();
    return report;
  }

  private Task<Void> blocks(CountDownLatch seen) throws InterruptedException {
    await(Async.yieldNow());
    awaitLine = nextLine();
    await(Async.yieldNow());
    blockingLine = nextLine();
    seen.await();
    return done();
  }

  private Task<Long> computes(CountDownLatch seen) {
    awaitLine = nextLine();
    await(Async.yieldNow());
    long turns = 0;
    while (seen.getCount() > 0) {
      turns++;
    }
    return done(turns);
  }

  private void checkBlocking(AsyncExecutor executor, String whose) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Task<Void> task = executor.spawn("the planted one", () -> blocks(seen));
    String report = report();
    seen.countDown();
    task.get(60, TimeUnit.SECONDS);
    assertThat(report)
        .startsWith(whose)
        .contains(
            "It is in CountDownLatch.await at " + HERE + ".blocks",
            "(SlowPollTest.java:" + blockingLine + "), which blocks the thread: await a",
            "It was resumed at the await at " + HERE + ".blocks(SlowPollTest.java:" + awaitLine)
        .contains("(SlowPollTest.java:" + blockingLine + ")\n");
  }

  @Test
  void aCallThatBlocks() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      checkBlocking(executor, "The worker weft-worker-");
      assertThat(executor.slowPolls())
          .singleElement()
          .extracting(SlowPoll::task)
          .asString()
          .startsWith("task the planted one (spawned at " + HERE + ".");
    }
  }

  @Test
  void aCallThatBlocksALoop() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().build()) {
      checkBlocking(node, "The event loop node stood still for ");
    }
  }

  @Test
  void aComputation() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      CountDownLatch seen = new CountDownLatch(1);
      Task<Long> task = executor.spawn(() -> computes(seen));
      String report = report();
      seen.countDown();
      assertThat(task.get(60, TimeUnit.SECONDS)).isPositive();
      assertThat(report)
          .contains("It computes at " + HERE + ".computes")
          .contains("the await at " + HERE + ".computes(SlowPollTest.java:" + awaitLine + ")");
    }
  }
}
