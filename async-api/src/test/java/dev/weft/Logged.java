package dev.weft;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Hands what a class logs during a test to the test, on the thread that logs it. */
public final class Logged implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final AppenderBase<ILoggingEvent> appender;

  /**
   * Does nothing yet; to be registered as an extension.
   *
   * @param by whose logger
   */
  public Logged(Class<?> by, Consumer<ILoggingEvent> to) {
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
    appender.start();
    logger.addAppender(appender);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.detachAppender(appender);
    appender.stop();
  }
}
