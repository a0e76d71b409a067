package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is told of each exchange, and that nobody waits for who is told. */
class AccessLogTest {
  private static AccessLogEntry entry(String target, String userAgent) {
    return new AccessLogEntry(
        new InetSocketAddress("127.0.0.1", 4711),
        Instant.parse("2026-02-03T04:05:06Z"),
        "GET",
        target,
        "HTTP/1.1",
        200,
        5,
        Duration.ofMillis(7),
        true,
        null,
        userAgent);
  }

  @Test
  void aLineInTheCombinedFormat() {
    assertThat(entry("/a?b", "curl/8"))
        .hasToString(
            "127.0.0.1 - - [03/Feb/2026:04:05:06 +0000] \"GET /a?b HTTP/1.1\" 200 5"
                + " \"-\" \"curl/8\" 7");
  }

  /** Whatever a client sends, it is one line, and its fields end where they end. */
  @Test
  void noClientMakesALine() {
    String line = entry("/\u00e4\u4e2d", "a\"b\\c\r\nd\u001b[2J\u0000").toString();
    assertThat(line)
        .contains("GET /\\xe4\\u4e2d HTTP/1.1")
        .contains("\"a\\x22b\\x5cc\\x0d\\x0ad\\x1b[2J\\x00\"")
        .matches("[ -~]*");
  }

  @Test
  void longFieldsAreCut() {
    AccessLogEntry entry = entry("/" + "a".repeat(5000), "b".repeat(1024));
    assertThat(entry.target()).hasSize(1027).endsWith("aaa...");
    assertThat(entry.userAgent()).hasSize(1024);
  }

  @EachGround
  void eachExchangeIsToldOf(Ground ground) throws Exception {
    BlockingQueue<AccessLogEntry> told = new LinkedBlockingQueue<>();
    try (Site site = new Site(ground, HttpOptions.defaults().accessLog(told::add))) {
      try (Client client = site.client()) {
        client.send("GET / HTTP/1.1\r\nhost: test\r\nuser-agent: me\r\nreferer: there\r\n\r\n");
        client.reply();
        client.request("GET /broken");
        assertThat(client.isReset() || client.isEnded()).isTrue();
      }
      AccessLogEntry whole = next(told);
      assertThat(whole.target()).isEqualTo("/");
      assertThat(whole.status()).isEqualTo(200);
      assertThat(whole.bytes()).isEqualTo(5);
      assertThat(whole.complete()).isTrue();
      assertThat(whole.referer()).isEqualTo("there");
      assertThat(whole.userAgent()).isEqualTo("me");
      AccessLogEntry broken = next(told);
      assertThat(broken.complete()).isFalse();
      assertThat(broken.toString()).endsWith("broken");
      try (Client client = site.client()) {
        client.request("GET /slow");
        site.awaitSlowBegun();
      }
      assertThat(next(told).status()).as("of one that has gone").isZero();
      try (Client client = site.client()) {
        client.send("garbage\r\n\r\n").reply();
      }
      assertThat(next(told).status()).isEqualTo(400);
    }
  }

  private static AccessLogEntry next(BlockingQueue<AccessLogEntry> told) throws Exception {
    AccessLogEntry entry = told.poll(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
    if (entry == null) {
      throw new AssertionError("nothing was told");
    }
    return entry;
  }

  /** Requests are answered meanwhile; what is too much is dropped, which the log says. */
  @Test
  void aConsumerThatBlocksKeepsNobody() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger told = new AtomicInteger();
    AccessLog log =
        new AccessLog(
            entry -> {
              told.incrementAndGet();
              try {
                end.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    try (Warnings warnings = new Warnings()) {
      for (int i = 0; i < 20_000; i++) {
        log.add(entry("/", "me"));
      }
      end.countDown();
      Wait.until("the log says so", () -> warnings.has("The access log lacks"));
      Wait.until("the others are told", () -> told.get() >= 10_000);
      assertThat(told.get()).isLessThan(20_000);
    }
  }

  @Test
  void aConsumerThatThrowsIsSaid() throws Exception {
    AtomicInteger told = new AtomicInteger();
    AccessLog log =
        new AccessLog(
            entry -> {
              told.incrementAndGet();
              throw new IllegalStateException("of the test");
            });
    try (Warnings warnings = new Warnings()) {
      log.add(entry("/", "me"));
      log.add(entry("/", "me"));
      Wait.until("the next is told", () -> told.get() == 2);
      Wait.until("the log says so", () -> warnings.has("does not take its lines"));
    }
  }

  /** What the server's log says meanwhile. */
  private static final class Warnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(HttpServer.class);
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    Warnings() {
      start();
      LOG.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
    }

    boolean has(String text) {
      return List.copyOf(lines).stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public void close() {
      LOG.detachAppender(this);
    }
  }
}
