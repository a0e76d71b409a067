package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test that has lost a buffer: one that was garbage collected without having been released.
 * Netty's detector watches every buffer meanwhile.
 */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final Logger DETECTOR =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
  private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

  @Override
  public void beforeEach(ExtensionContext context) {
    before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    reports.list.clear();
    reports.start();
    DETECTOR.addAppender(reports);
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    try {
      for (int round = 0; round < 2; round++) { // a buffer may hold another
        collectGarbage();
        ByteBufAllocator.DEFAULT.directBuffer(1).release(); // an allocation makes it report
      }
      assertThat(reports.list)
          .as("reports of leaked buffers")
          .extracting(ILoggingEvent::getFormattedMessage)
          .isEmpty();
    } finally {
      DETECTOR.detachAppender(reports);
      ResourceLeakDetector.setLevel(before);
    }
  }

  /** Returns once the collector has enqueued what was unreachable when this was called. */
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), collected);
    Wait.until(
        "a garbage collection",
        () -> {
          System.gc();
          return collected.poll() == canary;
        });
  }
}
