package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An answer: a status, fields, and a body that is there, or is written as it comes into being.
 *
 * <pre>{@code
 * static HttpResponse countdown() {
 *   return HttpResponse.stream(
 *           "text/plain",
 *           out -> {
 *             for (int i = 10; i >= 0; i--) {
 *               await(out.write(i + "\n")); // waits for a slow client
 *               await(sleep(Duration.ofSeconds(1)));
 *             }
 *             return done();
 *           })
 *       .header("cache-control", "no-store");
 * }
 * }</pre>
 *
 * <p>For one request, and one thread at a time. The server adds {@code Date}, {@code
 * Content-Length} and what the connection needs ({@code Connection}, {@code Transfer-Encoding}); it
 * sends no body for {@code HEAD}, 204, 205 and 304, and leaves the rest to the handler.
 */
public final class HttpResponse {
  /**
   * Writes a body.
   *
   * <pre>{@code
   * HttpResponse.Writer twice =
   *     out -> {
   *       await(out.write("once "));
   *       await(out.write("more"));
   *       return done();
   *     };
   * }</pre>
   */
  @FunctionalInterface
  public interface Writer {
    /**
     * Called on a thread of the executor, as a part of the request's task. If it fails, or ends
     * short of a {@code Content-Length} that was set, the connection is reset (HTTP/2: the stream),
     * so that no client takes a part for the whole; before its first write, the request is answered
     * as if the handler had failed. Not called for {@code HEAD}. Cancelled if the client goes away.
     *
     * @return the end of the body
     */
    CompletionStage<@Nullable Void> write(HttpBodyWriter out) throws Exception;
  }

  private HttpResponseStatus status;
  private final HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
  private final @Nullable ByteBuf content;
  private final @Nullable Writer writer;

  private HttpResponse(
      HttpResponseStatus status, @Nullable ByteBuf content, @Nullable Writer writer) {
    this.status = status;
    this.content = content;
    this.writer = writer;
  }

  /**
   * Without a body.
   *
   * @param status 200 to 599
   */
  public static HttpResponse of(int status) {
    return new HttpResponse(checked(status), Unpooled.EMPTY_BUFFER, null);
  }

  /** 200, with a text in UTF-8. */
  public static HttpResponse text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8)).contentType("text/plain; charset=utf-8");
  }

  /** 200, with bytes, which are not copied. */
  public static HttpResponse bytes(byte[] bytes) {
    return bytes(Unpooled.wrappedBuffer(bytes));
  }

  /** 200, with a buffer, which is the server's as soon as it has the answer. */
  public static HttpResponse bytes(ByteBuf bytes) {
    return new HttpResponse(HttpResponseStatus.OK, Objects.requireNonNull(bytes, "bytes"), null);
  }

  /**
   * 200, with a body that is written as it comes into being. Set a {@code Content-Length} if its
   * length is known.
   */
  public static HttpResponse stream(String contentType, Writer writer) {
    Objects.requireNonNull(writer, "writer");
    return new HttpResponse(HttpResponseStatus.OK, null, writer).contentType(contentType);
  }

  /**
   * Sets the status.
   *
   * @param status 200 to 599
   * @return this
   */
  public HttpResponse status(int status) {
    this.status = checked(status);
    return this;
  }

  /**
   * Adds a field; one of several with the same name.
   *
   * @return this
   * @throws IllegalArgumentException if the value would end the field
   */
  public HttpResponse header(String name, String value) {
    headers.add(name, value);
    return this;
  }

  /** Says what the body is; the last one counts. */
  public HttpResponse contentType(String type) {
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
    return this;
  }

  /** The status. */
  public int status() {
    return status.code();
  }

  /** The fields so far. */
  public HttpHeaders headers() {
    return headers;
  }

  HttpResponseStatus nettyStatus() {
    return status;
  }

  /** The body, if it is there; null if it is written. */
  @Nullable ByteBuf content() {
    return content;
  }

  @Nullable Writer writer() {
    return writer;
  }

  /** Nobody gets it. */
  void drop() {
    if (content != null) {
      content.release();
    }
  }

  private static HttpResponseStatus checked(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " is not in 200..599");
    }
    return HttpResponseStatus.valueOf(status);
  }

  /** The status. */
  @Override
  public String toString() {
    return status.toString();
  }
}
