package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, as it comes. What nobody has read waits with the client: it is stopped
 * when the {@link dev.weft.net.TcpOptions#receiveLimit}, or HTTP/2's window, is full.
 *
 * <pre>{@code
 * static CompletableFuture<Long> count(HttpBody body) {
 *   long bytes = 0;
 *   for (ByteBuf part; (part = await(body.read())) != null; part.release()) {
 *     bytes += part.readableBytes();
 *   }
 *   return done(bytes);
 * }
 * }</pre>
 *
 * <p>A client that expects {@code 100-continue} is told to go on by the first read.
 *
 * <p><b>Failures.</b> Reads fail with {@link HttpException} if the body is larger than {@link
 * HttpOptions#bodyLimit} (413), is no proper one (400), or stops for {@link
 * HttpOptions#bodyTimeout} (408), and with {@link java.io.IOException} if the client has gone.
 * After the request was answered they fail with {@link IllegalStateException}. <b>Cancellation:</b>
 * a read that is cancelled takes nothing. <b>Threads:</b> any, one read at a time.
 */
public interface HttpBody {
  /**
   * Reads what comes next.
   *
   * @return some bytes, which are the caller's, who releases them; null at the end
   */
  CompletableFuture<@Nullable ByteBuf> read();

  /**
   * Reads all that is left.
   *
   * @return the bytes, at most {@link HttpOptions#bodyLimit}; the caller's
   */
  CompletableFuture<ByteBuf> readAll();

  /** Reads all that is left, as a text in the {@code charset} of its type, or in UTF-8. */
  CompletableFuture<String> readText();

  /** How long it says that it is, in bytes: 0 if there is none; -1 if that is not known. */
  long length();

  /** The fields that came behind it; empty if there were none, or before it was read to its end. */
  HttpHeaders trailers();
}
