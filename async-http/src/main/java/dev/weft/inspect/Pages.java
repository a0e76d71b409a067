package dev.weft.inspect;

import static dev.weft.Async.done;

import dev.weft.http.HttpException;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests. {@code /} is the page; it asks for {@code /api/pulse}, the counters, each
 * second, for {@code /api/tasks}, the rows in view, when there may be new ones, and for {@code
 * /api/stack}, one task, when somebody opens it.
 */
final class Pages {
  /** Of what is a letter and a number. */
  private static final int MOST_KEY = 32;

  private final Access access;
  private final TaskAnswers tasks;
  private final PulseAnswers pulse;

  Pages(Access access, TaskAnswers tasks, PulseAnswers pulse) {
    this.access = access;
    this.tasks = tasks;
    this.pulse = pulse;
  }

  CompletableFuture<HttpResponse> answer(HttpRequest request) {
    HttpResponse response;
    try {
      boolean page = request.path().equals("/");
      boolean admitted = access.check(request, !page);
      response = page ? page() : data(request);
      if (admitted) {
        access.admit(response);
      }
    } catch (HttpException refused) {
      response = refusal(refused);
    }
    return done(guard(response));
  }

  private static HttpResponse page() {
    PageText text = PageText.get();
    return HttpResponse.bytes(text.html)
        .contentType("text/html; charset=utf-8")
        .header("content-security-policy", text.policy);
  }

  private HttpResponse data(HttpRequest request) {
    return switch (request.path()) {
      case "/api/pulse" ->
          json(
              pulse.pulse(
                  Query.of(request).executor(), Query.parameter(request, "slow", "", MOST_KEY)));
      case "/api/tasks" -> json(tasks.window(Query.of(request)));
      case "/api/stack" -> json(tasks.stack(Query.parameter(request, "key", "", MOST_KEY)));
      default -> throw new HttpException(404, "Nothing there; the page is at /");
    };
  }

  private static HttpResponse json(@Nullable Json json) {
    if (json == null) {
      throw new HttpException(404, "There is no such task any more");
    }
    return HttpResponse.bytes(json.bytes()).contentType("application/json; charset=utf-8");
  }

  private static HttpResponse refusal(HttpException refused) {
    HttpResponse response = HttpResponse.text(refused.getMessage() + "\n").status(refused.status());
    if (refused.status() == 405) {
      response.header("allow", "GET, HEAD");
    }
    if (refused.status() == 401) {
      response.header("www-authenticate", "Bearer realm=\"Weft inspector\"");
    }
    return response;
  }

  /** What goes for every answer: not kept, not guessed at, not put into other pages. */
  private static HttpResponse guard(HttpResponse response) {
    if (!response.headers().contains("content-security-policy")) {
      response.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
    }
    return response
        .header("cache-control", "no-store")
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer")
        .header("x-frame-options", "DENY")
        .header("cross-origin-resource-policy", "same-origin")
        .header("cross-origin-opener-policy", "same-origin");
  }
}
