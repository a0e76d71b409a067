package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AggregatorTest {
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  /** Two answer at once, one at the third time, one never in time, and one always fails. */
  private @Nullable String answer(String path) throws InterruptedException {
    int time = asked.computeIfAbsent(path, one -> new AtomicInteger()).incrementAndGet();
    switch (path.charAt(path.length() - 1)) {
      case '1':
        return "30";
      case '2':
        return "20";
      case '3':
        return time % 3 == 0 ? "10" : null;
      case '4':
        end.await(1, TimeUnit.MINUTES);
        return "1";
      default:
        return null;
    }
  }

  @Test
  void theBestOfTheFirstThreeAndEveryLineHasItsRequest() throws Exception {
    ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
    Logger logger = (Logger) LoggerFactory.getLogger(Aggregator.class);
    ListAppender<ILoggingEvent> lines =
        new ListAppender<>() {
          @Override
          protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing(); // reads the MDC of this thread, now
            super.append(line);
          }
        };
    lines.start();
    logger.addAppender(lines);
    try (Pages services = new Pages(this::answer);
        WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      HttpClient client = HttpClient.newHttpClient();
      List<Task<Integer>> requests = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String request = "r" + i;
        Aggregator aggregator =
            new Aggregator(
                client,
                List.of(
                    services.at("/" + request + "/1"),
                    services.at("/" + request + "/2"),
                    services.at("/" + request + "/3"),
                    services.at("/" + request + "/4"),
                    services.at("/" + request + "/5")));
        requests.add(
            executor.spawn(request, () -> aggregator.bestPrice(request, Duration.ofMinutes(5))));
      }
      for (Task<Integer> request : requests) {
        assertThat(request.get(1, TimeUnit.MINUTES)).isEqualTo(10);
      }
      end.countDown();
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(List.copyOf(lines.list))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line.getFormattedMessage())
                    .contains("/" + line.getMDCPropertyMap().get("request") + "/"));
  }
}
