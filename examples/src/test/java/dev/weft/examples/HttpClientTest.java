package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.cancelling;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.stream.AsyncStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code docs/http-client.md} says of the JDK's client: who no longer waits for an answer ends
 * the exchange, and the server sees the connection closed.
 */
class HttpClientTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static CompletableFuture<HttpResponse<String>> send(SlowSite site) {
    return CLIENT.sendAsync(HttpRequest.newBuilder(site.uri()).build(), BodyHandlers.ofString());
  }

  private static CompletableFuture<String> get(SlowSite site) {
    return done(await(cancelling(send(site))).body());
  }

  private static CompletableFuture<String> getAndLetGo(SlowSite site) {
    return done(await(send(site)).body());
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void aCancelledMethodEndsTheExchange(SlowSite.Stop stop) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(stop)) {
      Task<String> task = executor.spawn(() -> get(site));
      soon(site.stopped());
      assertThat(task.cancel(true)).isTrue();
      assertThat(soon(site.clientHasGone())).isTrue();
      Load.until("nothing is left", () -> executor.unended().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTimeLimitEndsTheExchange(SlowSite.Stop stop) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(stop)) {
      Task<String> task = executor.spawn(() -> getInTime(site));
      assertThatThrownBy(() -> soon(task)).hasCauseInstanceOf(TimeoutException.class);
      assertThat(soon(site.clientHasGone())).isTrue();
    }
  }

  private static CompletableFuture<String> getInTime(SlowSite site) {
    CompletableFuture<String> answer = get(site);
    await(site.stopped()); // the limit counts from here, so that the request gets there before
    return done(await(Async.timeout(Duration.ofMillis(20), answer)));
  }

  @ParameterizedTest
  @EnumSource
  void aLostRaceEndsTheExchange(SlowSite.Stop stop) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(stop)) {
      assertThat(soon(executor.spawn(() -> quicker(site)))).isEqualTo("from the cache");
      assertThat(soon(site.clientHasGone())).isTrue();
    }
  }

  private static CompletableFuture<String> quicker(SlowSite site) {
    return done(await(Async.any(get(site), fromTheCache(site))));
  }

  private static CompletableFuture<String> fromTheCache(SlowSite site) {
    await(site.stopped());
    return done("from the cache");
  }

  @Test
  void theRequestsOwnTimeLimitEndsAtTheHead() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(SlowSite.Stop.BEFORE_THE_HEAD)) {
      Task<String> task = executor.spawn(() -> getInRequestsTime(site));
      assertThatThrownBy(() -> soon(task)).hasCauseInstanceOf(HttpTimeoutException.class);
    }
  }

  private static CompletableFuture<String> getInRequestsTime(SlowSite site) {
    HttpRequest request = HttpRequest.newBuilder(site.uri()).timeout(Duration.ofMillis(50)).build();
    return done(await(cancelling(CLIENT.sendAsync(request, BodyHandlers.ofString()))).body());
  }

  @Test
  void withoutCancellingTheMethodEndsAndTheExchangeGoesOn() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(SlowSite.Stop.IN_THE_BODY)) {
      CompletableFuture<CompletableFuture<HttpResponse<String>>> sent = new CompletableFuture<>();
      Task<String> task = executor.spawn(() -> remembering(site, sent));
      soon(site.stopped());
      task.cancel(true);
      Load.until("nothing is left of the method", () -> executor.unended().isEmpty());
      site.finish();
      assertThat(soon(soon(sent)).body()).isEqualTo("0123456789");
    }
  }

  private static CompletableFuture<String> remembering(
      SlowSite site, CompletableFuture<CompletableFuture<HttpResponse<String>>> sent) {
    CompletableFuture<HttpResponse<String>> exchange = send(site);
    sent.complete(exchange);
    return done(await(exchange).body());
  }

  @Test
  void aBodyThatIsReadAsAStreamEndsWithItsReader() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(SlowSite.Stop.IN_THE_BODY)) {
      CompletableFuture<Integer> firstPart = new CompletableFuture<>();
      Task<Integer> task = executor.spawn(() -> length(site, firstPart));
      assertThat(soon(firstPart)).isPositive();
      task.cancel(true);
      assertThat(soon(site.clientHasGone())).isTrue();
      Load.until("nothing is left", () -> executor.unended().isEmpty());
    }
  }

  @Test
  void aBodyIsReadAsAStreamToItsEnd() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(SlowSite.Stop.IN_THE_BODY)) {
      CompletableFuture<Integer> firstPart = new CompletableFuture<>();
      Task<Integer> task = executor.spawn(() -> length(site, firstPart));
      soon(firstPart);
      site.finish();
      assertThat(soon(task)).isEqualTo(10);
    }
  }

  private static CompletableFuture<Integer> length(
      SlowSite site, CompletableFuture<Integer> firstPart) {
    HttpRequest request = HttpRequest.newBuilder(site.uri()).build();
    var response = await(cancelling(CLIENT.sendAsync(request, BodyHandlers.ofPublisher())));
    int length = 0;
    try (AsyncStream<List<ByteBuffer>> parts = AsyncStream.from(response.body(), 1)) {
      for (List<ByteBuffer> part; (part = await(parts.next())) != null; ) {
        length += part.stream().mapToInt(ByteBuffer::remaining).sum();
        firstPart.complete(length);
      }
    }
    return done(length);
  }

  @Test
  void aClientMayRunItsCallbacksOnTheExecutor() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
        SlowSite site = new SlowSite(SlowSite.Stop.BEFORE_THE_HEAD)) {
      HttpClient client = HttpClient.newBuilder().executor(executor).build();
      CompletableFuture<AsyncExecutor> handledOn = new CompletableFuture<>();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(site.uri()).build(),
              head -> {
                handledOn.complete(AsyncExecutor.currentOrShared());
                return HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
              });
      site.finish();
      assertThat(soon(answer).body()).isEqualTo("0123456789");
      assertThat(soon(handledOn)).isSameAs(executor);
    }
  }
}
