package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.HaltedError;
import dev.weft.log.LimitedLog;
import dev.weft.net.ByteStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, whatever the protocol.
 *
 * <p>A client that goes away cancels what works for it, the handler or the writer of a body: {@link
 * #onGone} writes {@link #gone}, then reads {@link #working}; {@link #watched} does it the other
 * way round. So one of them cancels.
 */
final class Exchange {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(HttpServer.class));

  private final HttpServer server;
  private final Messages messages;
  private final Input input;
  private final TimeLimit limit;
  private final io.netty.handler.codec.http.HttpRequest head;
  private final RequestBody body;
  private final ByteStream stream;
  private final boolean http2;
  private final Instant begun;
  private final long begunNanos;

  private volatile boolean gone;
  private volatile @Nullable CompletableFuture<?> working;
  private boolean keepAlive;
  private @Nullable Answer answer;
  private int status;

  Exchange(
      HttpServer server,
      Messages messages,
      Input input,
      TimeLimit limit,
      io.netty.handler.codec.http.HttpRequest head,
      ByteStream stream,
      boolean http2,
      boolean keepAlive) {
    this.server = server;
    this.messages = messages;
    this.input = input;
    this.limit = limit;
    this.head = head;
    this.body = new RequestBody(head, input, messages, limit, server.options());
    this.stream = stream;
    this.http2 = http2;
    boolean timed = server.accessLog() != null;
    this.begun = timed ? Instant.now() : Instant.EPOCH;
    this.begunNanos = timed ? System.nanoTime() : 0;
    this.keepAlive = keepAlive && (http2 || HttpUtil.isKeepAlive(head));
  }

  /** Whether all of the request has come. */
  boolean isRequestEnded() {
    return body.isEnded();
  }

  /** Takes in what the handler has left of the body; false if that is too much, or fails. */
  CompletableFuture<Boolean> skipBody() {
    return body.isEnded() ? done(true) : body.skip();
  }

  /** Whether the answer, if there was one, said that the connection goes on. */
  boolean isKeepAlive() {
    return keepAlive;
  }

  /**
   * Has the request handled and answered.
   *
   * @return false if the connection is broken, or was broken off
   */
  CompletableFuture<Boolean> run() {
    boolean complete = false;
    try {
      HttpResponse response = await(response());
      complete = await(sent(response));
      return done(complete);
    } catch (IOException | CancellationException broken) {
      if (Async.isCancelled()) {
        throw new CancellationException();
      }
      messages.reset(); // unless it is broken already: there is half an answer
      return done(false);
    } finally {
      input.unwatch();
      body.close();
      log(complete);
    }
  }

  // ---- the handler

  private CompletableFuture<HttpResponse> response() throws IOException {
    String path;
    try {
      path = Heads.checkedPath(head, server.options(), http2);
    } catch (HttpException refused) {
      keepAlive &= http2; // where the next request begins is not known
      return done(refusal(refused));
    }
    HttpRequest request = new HttpRequest(head, path, protocol(), stream, body);
    try {
      if (body.isEmpty() && !body.isEnded()) {
        await(body.read()); // the mark of its end, which came with the head
      }
      Object answered = await(work(handled(request)));
      HttpResponse response = (HttpResponse) answered;
      if (response == null) {
        throw new NullPointerException("The handler has returned no answer");
      }
      return done(response);
    } catch (Throwable error) {
      return done(failure(request, error));
    }
  }

  /**
   * What the handler has made. A call of its own: a handler may make an answer although it was
   * cancelled, and that comes here, where it is given back if nobody wants it.
   */
  private CompletableFuture<@Nullable HttpResponse> handled(HttpRequest request) throws Exception {
    HttpResponse response = await(server.handler().handle(request));
    if (gone && response != null) {
      response.drop();
      return done(null);
    }
    return done(response);
  }

  /** Work, that the client's going away cancels. */
  private CompletableFuture<? extends @Nullable Object> work(
      CompletionStage<? extends @Nullable Object> begun) {
    CompletableFuture<? extends @Nullable Object> work = begun.toCompletableFuture();
    return work.isDone() ? work : watched(work);
  }

  private CompletableFuture<? extends @Nullable Object> watched(
      CompletableFuture<? extends @Nullable Object> work) {
    working = work;
    if (gone) {
      work.cancel(true);
    } else {
      input.watch(this::onGone);
    }
    try {
      Object result = await(work);
      return done(result);
    } finally {
      working = null;
    }
  }

  /** On any thread. */
  private void onGone() {
    if (limit.isOver()) {
      return; // it was cut off by this side, and is told so
    }
    gone = true;
    CompletableFuture<?> work = working;
    if (work != null) {
      work.cancel(true);
    }
  }

  /** What a client gets for what its handler has thrown. */
  private HttpResponse failure(HttpRequest request, Throwable error) throws IOException {
    if (error instanceof HttpException refused) {
      return refusal(refused);
    }
    if (error instanceof HaltedError halted) {
      throw halted;
    }
    if (Async.isCancelled()) {
      throw new CancellationException();
    }
    if (gone || error instanceof Gone) {
      throw Gone.inTheAnswer();
    }
    LOG.error("{} failed", request, error);
    return HttpResponse.text("Internal Server Error\n").status(500);
  }

  private static HttpResponse refusal(HttpException refused) {
    return HttpResponse.text(refused.getMessage() + "\n").status(refused.status());
  }

  // ---- the answer

  private CompletableFuture<Boolean> sent(HttpResponse response) throws IOException {
    status = response.status();
    if (server.isDraining() || limit.isOver() || !body.isSoonThrough()) {
      keepAlive &= http2;
    }
    body.answerBegins();
    boolean http10 = !http2 && head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    Answer answer =
        new Answer(
            messages,
            limit,
            response,
            head.method().equals(HttpMethod.HEAD),
            http10,
            http2,
            keepAlive);
    this.answer = answer;
    ByteBuf content = response.content();
    if (content != null) {
      await(answer.send(content));
    } else {
      if (!await(streamed(response, answer))) {
        return sent(HttpResponse.text("Internal Server Error\n").status(500));
      }
    }
    keepAlive &= answer.isKeepAlive();
    return done(true);
  }

  /** False if the writer has failed before it has written anything. */
  private CompletableFuture<Boolean> streamed(HttpResponse response, Answer answer)
      throws IOException {
    HttpResponse.Writer writer = Objects.requireNonNull(response.writer());
    try {
      answer.prepare();
      if (answer.isBodiless()) {
        await(answer.sendHeadOnly());
      } else {
        await(work(writer.write(new HttpBodyWriter(answer))));
        await(answer.end());
      }
      return done(true);
    } catch (Throwable error) {
      if (error instanceof HaltedError halted) {
        throw halted;
      }
      if (Async.isCancelled()) {
        throw new CancellationException();
      }
      if (gone || answer.isBroken()) {
        throw Gone.inTheAnswer();
      }
      LOG.error("The body of {} {} failed", head.method(), cut(head.uri()), error);
      if (answer.isBegun()) {
        throw Gone.inTheAnswer();
      }
      return done(false);
    }
  }

  private static String cut(String target) {
    return target.length() > 200 ? target.substring(0, 200) + "..." : target;
  }

  private String protocol() {
    return http2 ? "HTTP/2" : head.protocolVersion().text();
  }

  private void log(boolean complete) {
    AccessLog log = server.accessLog();
    if (log == null) {
      return;
    }
    Answer sent = answer;
    log.add(
        new AccessLogEntry(
            HttpRequest.remoteAddress(stream),
            begun,
            head.method().name(),
            head.uri(),
            protocol(),
            sent == null ? 0 : status,
            sent == null ? 0 : sent.sent(),
            Duration.ofNanos(System.nanoTime() - begunNanos),
            complete,
            head.headers().get(HttpHeaderNames.REFERER),
            head.headers().get(HttpHeaderNames.USER_AGENT)));
  }
}
