package dev.weft.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Over HTTP/2 a cancelled exchange of the JDK's client ends its stream, and not the connection that
 * others use.
 */
class HttpClientHttp2Test {
  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
  private final CompletableFuture<Boolean> dropped = new CompletableFuture<>();

  private Publisher<Void> hello(HttpServerRequest request, HttpServerResponse response) {
    clients.add(request.remoteAddress());
    return response.sendString(Mono.just("hello"));
  }

  private Publisher<Void> slow(HttpServerRequest request, HttpServerResponse response) {
    clients.add(request.remoteAddress());
    asked.complete(true);
    return Mono.<Void>never().doOnCancel(() -> dropped.complete(true));
  }

  private static HttpRequest request(DisposableServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path)).build();
  }

  @Test
  void aCancelledExchangeResetsItsStreamAndLeavesTheConnection() throws Exception {
    DisposableServer server =
        HttpServer.create()
            .host("localhost")
            .port(0)
            .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
            .route(routes -> routes.get("/hello", this::hello).get("/slow", this::slow))
            .bindNow();
    try {
      HttpClient client = HttpClient.newHttpClient();
      assertThat(hello(client, server)).isEqualTo(HttpClient.Version.HTTP_2);
      Task<HttpResponse<String>> slow =
          Async.cancelling(
              client.sendAsync(request(server, "/slow"), HttpResponse.BodyHandlers.ofString()));
      assertThat(asked.get(60, TimeUnit.SECONDS)).isTrue();
      slow.cancel(true);
      assertThat(dropped.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(hello(client, server)).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(clients).as("connections").hasSize(1);
    } finally {
      server.disposeNow();
    }
  }

  private static HttpClient.Version hello(HttpClient client, DisposableServer server)
      throws Exception {
    HttpResponse<String> answer =
        client
            .sendAsync(request(server, "/hello"), HttpResponse.BodyHandlers.ofString())
            .get(60, TimeUnit.SECONDS);
    assertThat(answer.body()).isEqualTo("hello");
    return answer.version();
  }
}
