package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of an answer goes to while it comes into being: see {@link HttpResponse#stream}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> rows(HttpBodyWriter out, AsyncStream<Order> orders) {
 *   for (Order order; (order = await(orders.next())) != null; ) {
 *     await(out.write(order + "\n"));
 *   }
 *   out.trailers().set("x-complete", "yes");
 *   return done();
 * }
 * }</pre>
 *
 * <p>A write is complete when the connection takes more: a slow client makes the writer wait. It
 * fails with {@link java.io.IOException} if the client has gone, or takes nothing for {@link
 * HttpOptions#writeTimeout}. <b>Threads:</b> any, one write at a time. <b>Cancellation:</b> what
 * was handed over is sent, but for what is behind the first 64 KiB of a longer write that waits;
 * the body then cannot go on, and the client sees that it was broken off.
 */
public final class HttpBodyWriter {
  private final Answer answer;

  HttpBodyWriter(Answer answer) {
    this.answer = answer;
  }

  /**
   * Writes bytes.
   *
   * @param bytes are the server's from here on
   */
  public CompletableFuture<@Nullable Void> write(ByteBuf bytes) {
    return answer.write(bytes);
  }

  /** Writes bytes, which are not copied: do not change them before the write is complete. */
  public CompletableFuture<@Nullable Void> write(byte[] bytes) {
    return write(Unpooled.wrappedBuffer(bytes));
  }

  /** Writes a text, in UTF-8. */
  public CompletableFuture<@Nullable Void> write(String text) {
    return write(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Fields to send behind the body. Of use with HTTP/2 and chunks, that is without a {@code
   * Content-Length}; else they are left out.
   */
  public HttpHeaders trailers() {
    return answer.trailers();
  }
}
