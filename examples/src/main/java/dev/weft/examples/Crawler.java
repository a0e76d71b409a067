package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.cancelling;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.scope.JoinSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Follows the links of a site, so many at a time. All pages are fetched by children of the crawl:
 * when it ends, or is cancelled, none of them is left behind.
 */
final class Crawler {
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

  /** A page that was fetched, or what went wrong. */
  private record Page(URI address, String outcome, List<URI> links) {}

  private final HttpClient client;

  Crawler(HttpClient client) {
    this.client = client;
  }

  /** What became of each page that can be reached, on the same host. */
  CompletableFuture<Map<URI, String>> crawl(URI start, int atATime) {
    Map<URI, String> outcomes = new TreeMap<>();
    Set<URI> seen = new HashSet<>(Set.of(start));
    Queue<URI> waiting = new ArrayDeque<>(seen);
    try (JoinSet<Page> underWay = new JoinSet<>()) {
      while (true) {
        while (underWay.size() < atATime && !waiting.isEmpty()) {
          URI next = waiting.remove();
          underWay.spawn(() -> fetch(next));
        }
        Task<Page> ended = await(underWay.joinNext());
        if (ended == null) {
          return done(outcomes);
        }
        Page page = await(ended);
        outcomes.put(page.address(), page.outcome());
        for (URI link : page.links()) {
          if (start.getHost().equals(link.getHost()) && seen.add(link)) {
            waiting.add(link);
          }
        }
      }
    }
  }

  private CompletableFuture<Page> fetch(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address).build();
    try {
      HttpResponse<String> response =
          await(
              cancelling(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())),
              IOException.class);
      List<URI> links =
          LINK.matcher(response.body()).results().map(m -> address.resolve(m.group(1))).toList();
      return done(new Page(address, "status " + response.statusCode(), links));
    } catch (IOException failure) {
      return done(new Page(address, failure.toString(), List.of()));
    }
  }
}
