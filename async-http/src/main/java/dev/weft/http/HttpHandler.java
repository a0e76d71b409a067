package dev.weft.http;

import java.util.concurrent.CompletionStage;

/**
 * What answers the requests of a {@link HttpServer}: an async method.
 *
 * <pre>{@code
 * static CompletableFuture<HttpResponse> shop(HttpRequest request) {
 *   switch (request.method() + " " + request.path()) {
 *     case "GET /price":
 *       Price price = await(prices.get(request.parameter("item")));
 *       return done(HttpResponse.text(price.toString()));
 *     case "POST /echo":
 *       return done(HttpResponse.bytes(await(request.body().readAll())));
 *     default:
 *       return done(HttpResponse.of(404));
 *   }
 * }
 * }</pre>
 *
 * <p>What it throws is answered: a {@link HttpException} with its status, everything else with 500,
 * which is logged, a line a second. If the client goes away, the handler is cancelled.
 */
@FunctionalInterface
public interface HttpHandler {
  /**
   * Called on a thread of the executor, in the task of the connection, or, with HTTP/2, in one of
   * the request's own. Not called for what is no proper request, or beyond the {@link HttpOptions}.
   *
   * @param request usable until the answer is there
   * @return the answer, which is the server's from there on
   */
  CompletionStage<HttpResponse> handle(HttpRequest request) throws Exception;
}
