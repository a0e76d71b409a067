package dev.weft.http;

import dev.weft.log.LimitedLog;
import dev.weft.log.LogQueue;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** Gives entries to who wants them, on a thread of its own. */
final class AccessLog {
  /**
   * What waits is dropped beyond that: at most 40 MB, and a second or so of a server that is busy.
   */
  private static final int WAITING = 10_000;

  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(HttpServer.class));

  private final Consumer<? super AccessLogEntry> consumer;
  private final LogQueue queue =
      new LogQueue(
          "weft-http-access-log", WAITING, n -> LOG.warn("The access log lacks {} lines", n));

  AccessLog(Consumer<? super AccessLogEntry> consumer) {
    this.consumer = consumer;
  }

  /** Does not wait. */
  void add(AccessLogEntry entry) {
    queue.offer(() -> write(entry));
  }

  private void write(AccessLogEntry entry) {
    try {
      consumer.accept(entry);
    } catch (Throwable notOurs) {
      LOG.warn("The access log does not take its lines", notOurs);
    }
  }
}
