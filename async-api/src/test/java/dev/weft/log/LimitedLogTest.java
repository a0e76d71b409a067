package dev.weft.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One line a second of each kind, the first at once and whole, and none is left out unsaid. */
@Timeout(120)
class LimitedLogTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Logger logger = new LoggerContext().getLogger("test");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nanoTime may overflow
  private final LogQueue queue = new LogQueue("log-test", 1000, dropped -> {});
  private final LimitedLog log = new LimitedLog(queue, LimitedLog.to(logger), now::get);

  @BeforeEach
  void listen() {
    lines.list = new CopyOnWriteArrayList<>(); // read while the queue's thread may still add
    lines.start();
    logger.addAppender(lines);
  }

  private List<String> written() {
    // Not by a flush, which says also what was left out.
    CountDownLatch reached = new CountDownLatch(1);
    queue.offer(reached::countDown);
    try {
      reached.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void oneLineASecondIsSaidWithTheNumberOfThoseLeftOut() {
    log.warn("{} has failed", 0);
    for (int i = 0; i < 1000; i++) {
      log.warn("{} has failed", i);
    }
    pass(Duration.ofSeconds(1).minusNanos(1));
    log.warn("{} has failed", "late");
    pass(Duration.ofNanos(1));
    log.warn("{} has failed", 1);
    pass(Duration.ofSeconds(1));
    log.warn("{} has failed", 2);
    assertThat(written())
        .containsExactly(
            "0 has failed", "1 has failed (and 1001 more in the last 1 s)", "2 has failed");
  }

  /** The queue asks every quarter of a second of the real time whether it is time to say it. */
  @Test
  void whatWasLeftOutIsSaidByItselfWhenNoNextOneComes() {
    log.error("{} has failed", 0);
    log.error("{} has failed", 1);
    log.error("{} has failed", 2);
    pass(Duration.ofSeconds(5));
    while (written().size() < 2) {
      Thread.onSpinWait();
    }
    log.error("{} has failed", 3); // too soon after that
    assertThat(written())
        .containsExactly("0 has failed", "2 more in the last 5 s like: 0 has failed");
    assertThat(lines.list).allMatch(line -> line.getLevel() == Level.ERROR);
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written()).contains("1 more in the last 1 s like: 0 has failed");
  }

  @Test
  void aFlushSaysItAtOnceAndNothingTwice() {
    log.warn("full");
    log.warn("full");
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(queue.flush(LONG)).isTrue();
    assertThat(written()).containsExactly("full", "1 more in the last 1 s like: full");
  }

  @Test
  void kindsDoNotHideEachOther() {
    log.warn("{} has failed", 1);
    log.warn("{} is full", 1);
    log.warn("{} has failed", 1, new IOException());
    log.warn("{} has failed", 1, new IllegalStateException());
    log.warn("{} has failed", 2, new IllegalStateException());
    log.log(org.slf4j.event.Level.INFO, "a", "{}", 1);
    log.log(org.slf4j.event.Level.INFO, "b", "{}", 2);
    log.log(org.slf4j.event.Level.INFO, "b", "{}", 3);
    assertThat(written())
        .containsExactly("1 has failed", "1 is full", "1 has failed", "1 has failed", "1", "2");
  }

  @Test
  void kindsThatSomebodyMakesUpAreLimitedInSum() {
    for (int i = 0; i < 10_000; i++) {
      log.log(org.slf4j.event.Level.WARN, "kind " + i, "{}", i);
    }
    assertThat(written()).hasSize(LimitedLog.MAX_KINDS + 1);
    pass(Duration.ofSeconds(1));
    for (int i = 20_000; i < 30_000; i++) {
      log.log(org.slf4j.event.Level.WARN, "kind " + i, "{}", i);
    }
    assertThat(written())
        .hasSize(LimitedLog.MAX_KINDS + 2)
        .last()
        .isEqualTo("20000 (and " + (9_999 - LimitedLog.MAX_KINDS) + " more in the last 1 s)");
    pass(Duration.ofSeconds(62));
    log.log(org.slf4j.event.Level.WARN, "new", "{}", "has a place again");
    log.log(org.slf4j.event.Level.WARN, "newer", "{}", "as has this");
    assertThat(written()).contains("has a place again", "as has this");
  }

  @Test
  void theExceptionIsKeptAndTheRestMadeUpAtOnceButOnlyIfItIsSaid() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> costly = () -> "asked " + asked.incrementAndGet();
    StringBuilder mutable = new StringBuilder("before");
    IOException error = new IOException("gone");
    queue.offer(
        () -> {
          while (mutable.length() == "before".length()) {
            Thread.onSpinWait();
          }
        });
    log.error("{} {} {}", costly, mutable, error, error);
    mutable.append(" and after");
    log.error("{} {} {}", costly, mutable, error, error);
    assertThat(written()).containsExactly("asked 1 before java.io.IOException: gone");
    assertThat(asked).hasValue(1);
    assertThat(lines.list.get(0).getThrowableProxy().getMessage()).isEqualTo("gone");
  }

  @Test
  void noLineIsLongerThanIsGoodAndNoneFails() {
    log.warn("{}", "x".repeat(100_000));
    log.warn(
        "no {}",
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException();
          }
        });
    assertThat(written().get(0)).hasSizeLessThan(10_000).endsWith("x... 91808 more characters");
    assertThat(written().get(1)).isEqualTo("no (no text: java.lang.IllegalStateException)");
  }

  @Test
  void whoSaysSomethingDoesNotWaitForALogThatIsStuckAndNothingIsLostUnsaid() throws Exception {
    LogQueue small = new LogQueue("log-test", 2, dropped -> logger.warn("{} dropped", dropped));
    LimitedLog limited = new LimitedLog(small, LimitedLog.to(logger), now::get);
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    small.offer(
        () -> {
          stuck.countDown();
          try {
            release.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    stuck.await();
    for (int second = 0; second < 10; second++) {
      for (int i = 0; i < 100; i++) {
        limited.warn("full");
      }
      pass(Duration.ofSeconds(1));
    }
    release.countDown();
    assertThat(small.flush(LONG)).isTrue();
    assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
        .containsExactly(
            "full",
            "full (and 99 more in the last 1 s)",
            "8 dropped",
            "891 more in the last 9 s like: full");
  }
}
