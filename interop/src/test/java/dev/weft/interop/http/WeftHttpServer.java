package dev.weft.interop.http;

import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.http.HttpBodyWriter;
import dev.weft.http.HttpOptions;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.net.TcpListener;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages of {@link HttpCases} on async-http. Without await, as nothing here is woven. */
public final class WeftHttpServer implements AutoCloseable {
  private final WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
  private final InetSocketAddress address;

  /**
   * Begins to listen.
   *
   * @param patience how long a client may take for a head, or for some of a body
   */
  WeftHttpServer(int port, Duration patience) throws Exception {
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", port));
    address = listener.localAddress();
    HttpServer unused =
        HttpServer.start(
            executor,
            listener,
            WeftHttpServer::handle,
            HttpOptions.defaults().headTimeout(patience).bodyTimeout(patience));
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    executor.close();
  }

  private static CompletionStage<HttpResponse> handle(HttpRequest request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /", "HEAD /" -> done(HttpResponse.text("hello"));
      case "POST /echo" -> request.body().readAll().thenApply(HttpResponse::bytes);
      case "GET /whole" -> // for h2spec, which resets requests that it has not ended
          request
              .body()
              .readAll()
              .thenApply(ByteBuf::release)
              .thenApply(nothing -> HttpResponse.text("hello"));
      case "GET /stream" -> done(HttpResponse.stream("text/plain", out -> parts(out, 0)));
      case "GET /slow" ->
          Async.sleep(Duration.ofDays(1)).thenApply(nothing -> HttpResponse.of(200));
      case "GET /not-modified" -> done(HttpResponse.of(304));
      case "POST /early" -> done(HttpResponse.text("early"));
      case "POST /trailers" ->
          request
              .body()
              .readAll()
              .thenApply(ByteBuf::release)
              .thenApply(
                  nothing ->
                      HttpResponse.text(
                          request.body().trailers().entries().stream()
                              .map(Map.Entry::getValue)
                              .collect(Collectors.joining(","))));
      default -> done(HttpResponse.of(404));
    };
  }

  private static CompletionStage<@Nullable Void> parts(HttpBodyWriter out, int from) {
    return from == 3
        ? done()
        : out.write("part " + from + "\n").thenCompose(nothing -> parts(out, from + 1));
  }

  /** Serves until the process is ended. */
  public static void main(String[] args) throws Exception {
    WeftHttpServer server = new WeftHttpServer(Integer.parseInt(args[0]), Duration.ofMillis(1500));
    System.out.println("listening on " + server.address());
    Thread.currentThread().join(); // for ever: an executor keeps no process alive
  }
}
