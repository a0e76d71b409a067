package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weft.log.LogQueue;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Hands what a class logs during a test to the test, on the thread that writes it. */
public final class Logged implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final AppenderBase<ILoggingEvent> appender;

  /**
   * Does nothing yet; to be registered as an extension.
   *
   * @param by whose logger
   */
  public Logged(Class<?> by, Consumer<ILoggingEvent> to) {
    this(by.getName(), to);
  }

  /** As {@link #Logged(Class, Consumer)}, by the logger's name. */
  public Logged(String by, Consumer<ILoggingEvent> to) {
    logger = (Logger) LoggerFactory.getLogger(by);
    appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            to.accept(event);
          }
        };
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    flush(); // of other tests
    appender.start();
    logger.addAppender(appender);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    flush();
    logger.detachAppender(appender);
    appender.stop();
  }

  /** Waits until all is written that was said before, with the numbers of what was left out. */
  public static void flush() {
    assertThat(LogQueue.shared().flush(Duration.ofSeconds(60))).isTrue();
  }
}
