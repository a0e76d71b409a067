package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrawlerTest {
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  /** A page links to two others: that of n to those of 2n and 2n + 1, up to 63. */
  private String page(String path) {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try {
      int n = Integer.parseInt(path.substring(1));
      return n > 31
          ? "a leaf"
          : "<a href=\"/" + 2 * n + "\"> <a href=\"/" + (2 * n + 1) + "\"> <a href=\"/1\">";
    } finally {
      now.decrementAndGet();
    }
  }

  @Test
  void everyPageIsFetchedOnceAndNotTooManyAtATime() throws Exception {
    try (Pages site = new Pages(this::page);
        WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      Crawler crawler = new Crawler(HttpClient.newHttpClient());
      Map<URI, String> outcomes = executor.blockOn(() -> crawler.crawl(site.at("/1"), 4));
      assertThat(outcomes).hasSize(63).containsEntry(site.at("/63"), "status 200");
      assertThat(most.get()).isBetween(1, 4);
    }
  }
}
