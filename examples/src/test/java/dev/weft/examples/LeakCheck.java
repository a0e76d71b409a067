package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test after which a buffer was garbage collected that had not been released: Netty's
 * detector watches each of them meanwhile.
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
  public void afterEach(ExtensionContext context) throws Exception {
    try {
      assertThat(leaks()).as("reports of leaked buffers").isEmpty();
    } finally {
      DETECTOR.detachAppender(reports);
      ResourceLeakDetector.setLevel(before);
    }
  }

  /** What was reported up to now, of all that nobody holds any more. */
  List<String> leaks() throws Exception {
    for (int round = 0; round < 2; round++) { // a buffer may hold another
      collectGarbage();
      ByteBufAllocator.DEFAULT.directBuffer(1).release(); // an allocation makes it report
    }
    return List.copyOf(reports.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Returns once the collector has enqueued what was unreachable when this was called. */
  private static void collectGarbage() throws Exception {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    PhantomReference<Object> canary = new PhantomReference<>(new Object(), collected);
    Load.until(
        "a garbage collection",
        () -> {
          System.gc();
          return collected.poll() == canary;
        });
  }
}
