package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The body of one request, out of the input of its connection. */
final class RequestBody implements HttpBody {
  /** Taken in of a body that nobody wants, to keep the connection. Guessed; Go has 256 KiB. */
  private static final int SKIPPED_BYTES = 64 * 1024;

  /** What a whole body is gathered into at first, whatever the client says that it will send. */
  private static final int FIRST_BYTES = 16 * 1024;

  private final HttpRequest head;
  private final Input input;
  private final Messages messages;
  private final TimeLimit limit;
  private final HttpOptions options;
  private final long length;

  /** The client waits for a word before it sends the body. */
  private volatile boolean continueWanted;

  private volatile boolean ended;

  /** The request is answered. */
  private volatile boolean over;

  private volatile HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

  /** Of one reader at a time. */
  private long taken;

  RequestBody(
      HttpRequest head, Input input, Messages messages, TimeLimit limit, HttpOptions options) {
    this.head = head;
    this.input = input;
    this.messages = messages;
    this.limit = limit;
    this.options = options;
    if (head instanceof RequestHead known && known.isWhole()) {
      length = 0;
      ended = true;
      return;
    }
    if (!head.decoderResult().isSuccess() || HttpUtil.isTransferEncodingChunked(head)) {
      length = -1; // nobody knows
    } else { // HTTP/2 has a mark of its own for what follows
      length = HttpUtil.getContentLength(head, head instanceof RequestHead ? -1L : 0L);
    }
    continueWanted = length != 0 && HttpUtil.is100ContinueExpected(head);
  }

  /** Nothing follows the head but its mark of the end. */
  boolean isEmpty() {
    return length == 0;
  }

  boolean isEnded() {
    return ended;
  }

  @Override
  public CompletableFuture<@Nullable ByteBuf> read() {
    if (over) {
      throw new IllegalStateException("The request was answered; its body is gone");
    }
    if (continueWanted) {
      continueWanted = false;
      limit.await(TimeLimit.For.ANSWER);
      try {
        await(
            messages.write(
                new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER)));
      } finally {
        limit.await(TimeLimit.For.NOTHING);
      }
    }
    return next();
  }

  private CompletableFuture<@Nullable ByteBuf> next() {
    while (!ended) {
      limit.await(TimeLimit.For.BODY);
      Object message;
      try {
        message = await(input.next());
      } finally {
        limit.await(TimeLimit.For.NOTHING);
      }
      if (message == null) {
        return missing();
      }
      ByteBuf part = take(message);
      if (part != null) {
        return done(part);
      }
    }
    return done(null);
  }

  private CompletableFuture<@Nullable ByteBuf> missing() {
    return CompletableFuture.failedFuture(
        limit.isOver() ? new HttpException(408, "The body did not come") : Gone.inTheBody());
  }

  /** The bytes of a message; null if it has none. */
  private @Nullable ByteBuf take(Object message) {
    if (!(message instanceof HttpContent content)) {
      ReferenceCountUtil.release(message);
      throw new IllegalStateException("Not a part of a body: " + message.getClass());
    }
    boolean kept = false;
    try {
      Heads.checkChunk(content.decoderResult());
      taken += content.content().readableBytes();
      if (taken > options.bodyLimit()) {
        throw Heads.tooLarge(options);
      }
      if (content instanceof LastHttpContent last) {
        trailers = last.trailingHeaders();
        ended = true;
      }
      input.lookAhead();
      kept = content.content().isReadable();
      return kept ? content.content() : null;
    } finally {
      if (!kept) {
        content.release();
      }
    }
  }

  @Override
  public CompletableFuture<ByteBuf> readAll() {
    ByteBuf first = await(read());
    if (first == null || ended) {
      return done(first == null ? Unpooled.EMPTY_BUFFER : first);
    }
    ByteBuf all = Unpooled.buffer((int) Math.min(Math.max(length, 256), FIRST_BYTES));
    ByteBuf part = first;
    do {
      try {
        all.writeBytes(part);
      } finally {
        part.release();
      }
    } while ((part = await(read())) != null);
    return done(all);
  }

  @Override
  public CompletableFuture<String> readText() {
    Charset charset = charset();
    ByteBuf all = await(readAll());
    try {
      return done(all.toString(charset));
    } finally {
      all.release();
    }
  }

  private Charset charset() {
    CharSequence name = HttpUtil.getCharsetAsSequence(head);
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(name.toString());
    } catch (IllegalArgumentException unknown) {
      throw new HttpException(415, "The charset is not known");
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public HttpHeaders trailers() {
    return trailers;
  }

  /**
   * Whether the connection can go on with the next request after {@link #skip}, and that is little
   * to skip. Of a client that waits for leave nobody knows whether the body comes (RFC 9110,
   * 10.1.1).
   */
  boolean isSoonThrough() {
    return ended || (!continueWanted && length >= 0 && length - taken <= SKIPPED_BYTES);
  }

  /** Leave to send the body comes before the answer, or never: RFC 9110, 15.2. */
  void answerBegins() {
    continueWanted = false;
  }

  /** Drops what was not read; false if it does not come. After {@link #close}. */
  CompletableFuture<Boolean> skip() {
    while (!ended) {
      try {
        ByteBuf part = await(next());
        if (part != null) {
          part.release();
        }
      } catch (HttpException refused) {
        return done(false);
      } catch (RuntimeException | Error error) {
        throw error;
      } catch (Exception broken) {
        return done(false);
      }
    }
    return done(true);
  }

  /** Reads fail from here on, and one that waits is cancelled. */
  void close() {
    over = true;
    input.takeBack();
  }
}
