package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.weft.scheduler.watch.SlowPolls;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Around every test of this module: no slow poll is reported that the test has not planted. Many
 * tests block workers on purpose, some for longer than the threshold, and more of them on a slow
 * machine; so what is asked is not whether there is a report but whether it is true. A poll that is
 * said to block has to do so in a call that stands in a test; one that is said to compute has to be
 * at a line of a test. What names neither is a false alarm, or Weft itself blocks a worker.
 *
 * <p>Registered in {@code META-INF/services}, and switched on in {@code junit-platform.properties}.
 */
public final class NoFalseAlarm implements BeforeEachCallback, AfterEachCallback {
  private static final Queue<String> ALARMS = new ConcurrentLinkedQueue<>();

  private static final Pattern PLACE =
      Pattern.compile("It (?:is in [^\n]*?|computes) at ([\\w.$]+)\\.[\\w$<>]+\\(");

  /** Those of the tests of the reports themselves, whose workers and places are made up. */
  private static final Pattern MADE_UP = Pattern.compile("The worker made-up-worker-0 was kept");

  private static final AppenderBase<ILoggingEvent> APPENDER =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String report = event.getFormattedMessage();
          if (event.getLevel() == Level.WARN && !isTrue(report)) {
            ALARMS.add(report);
          }
        }
      };

  static {
    APPENDER.start();
    ((Logger) LoggerFactory.getLogger(SlowPolls.class)).addAppender(APPENDER);
  }

  static boolean isTrue(String report) {
    Matcher place = PLACE.matcher(report);
    return MADE_UP.matcher(report).find() || (place.find() && isOfTests(place.group(1)));
  }

  private static boolean isOfTests(String type) {
    try {
      Class<?> found = Class.forName(type, false, NoFalseAlarm.class.getClassLoader());
      return found
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .equals(NoFalseAlarm.class.getProtectionDomain().getCodeSource().getLocation());
    } catch (ClassNotFoundException | NullPointerException another) {
      return false;
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    assertNone(); // of a test whose report came late
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertNone();
  }

  private static void assertNone() {
    String alarm = ALARMS.poll();
    assertThat(alarm).as("a slow poll that no test has planted").isNull();
  }
}
