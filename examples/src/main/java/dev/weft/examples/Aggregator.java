package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.cancelling;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.resilience.Retry;
import dev.weft.scope.TaskScope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Asks several services for a price and takes the best of the first three answers. A service that
 * fails is asked again; when three have answered, or the time is over, the other requests end.
 * Every line in the log has the request's number, on whatever thread it was written.
 */
final class Aggregator {
  private static final Logger log = LoggerFactory.getLogger(Aggregator.class);

  private static final Retry THREE_TIMES =
      Retry.attempts(3)
          .backOff(Duration.ofMillis(50), Duration.ofSeconds(1))
          .when(failure -> failure instanceof IOException);

  private final HttpClient client;
  private final List<URI> services;

  Aggregator(HttpClient client, List<URI> services) {
    this.client = client;
    this.services = services;
  }

  /** The best price; -1 if there were too few in time. */
  CompletableFuture<Integer> bestPrice(String request, Duration limit) {
    MDC.put("request", request);
    try {
      List<Integer> prices =
          await(Async.withDeadline(limit, this::firstThree), TimeoutException.class);
      return done(Collections.min(prices));
    } catch (TimeoutException late) {
      log.warn("too few prices", late);
      return done(-1);
    }
  }

  private CompletableFuture<List<Integer>> firstThree() {
    try (var scope = TaskScope.<Integer>firstSuccesses(3)) {
      for (URI service : services) {
        scope.fork(() -> THREE_TIMES.call(() -> price(service)));
      }
      return done(await(scope.join()));
    }
  }

  private CompletableFuture<Integer> price(URI service) throws IOException {
    HttpRequest question = HttpRequest.newBuilder(service).build();
    HttpResponse<String> answer =
        await(cancelling(client.sendAsync(question, HttpResponse.BodyHandlers.ofString())));
    log.info("{} answers {}", service, answer.statusCode());
    if (answer.statusCode() != 200) {
      throw new IOException(service + " answers " + answer.statusCode());
    }
    return done(Integer.valueOf(answer.body()));
  }
}
