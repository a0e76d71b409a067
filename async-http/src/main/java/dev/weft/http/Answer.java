package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer on its way to the client: its framing, and how much of it is sent. */
final class Answer {
  /** The most that the time limit of a write is for. Guessed. */
  private static final int PART = 64 * 1024;

  /** Of at most 10^18 - 1 bytes. */
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final Messages messages;
  private final TimeLimit limit;
  private final HttpResponse response;
  private final boolean headOnly;
  private final boolean http10;
  private final boolean http2;

  /** Whether the connection can go on after it. */
  private boolean keepAlive;

  private boolean begun;
  private boolean ended;
  private boolean broken;

  /** Whether bytes that were handed over will not be sent, as their writer was cancelled. */
  private boolean incomplete;

  private boolean chunked;

  /** Of the body; -1 if that was not said. */
  private long length = -1;

  private long sent;
  private @Nullable HttpHeaders trailers;

  Answer(
      Messages messages,
      TimeLimit limit,
      HttpResponse response,
      boolean headOnly,
      boolean http10,
      boolean http2,
      boolean keepAlive) {
    this.messages = messages;
    this.limit = limit;
    this.response = response;
    this.headOnly = headOnly;
    this.http10 = http10;
    this.http2 = http2;
    this.keepAlive = keepAlive;
  }

  /** Whether some of it may have reached the client. */
  boolean isBegun() {
    return begun;
  }

  /** Whether a write has failed: that is the connection's fault, and not the handler's. */
  boolean isBroken() {
    return broken;
  }

  boolean isKeepAlive() {
    return keepAlive;
  }

  /** Bytes of the body. */
  long sent() {
    return sent;
  }

  /** One that is there as a whole. */
  CompletableFuture<@Nullable Void> send(ByteBuf content) {
    HttpHeaders headers = response.headers();
    HttpResponseStatus status = response.nettyStatus();
    boolean ofAnother = isBodiless() && !content.isReadable(); // what a GET would get, say
    if (!ofAnother || (headOnly && !headers.contains(HttpHeaderNames.CONTENT_LENGTH))) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    }
    setLengthOfNoBody(headers);
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    setConnection(headers);
    begun = true;
    ended = true;
    if (isBodiless()) {
      content.release();
      return putLast(bodiless(status, headers));
    }
    sent = content.readableBytes();
    if (sent > PART) {
      return sendLarge(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers), content);
    }
    Object whole =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content, headers, none());
    return putLast(whole);
  }

  /** Behind the last answer of a connection comes a farewell, and that waits for it. */
  private CompletableFuture<@Nullable Void> putLast(Object message) {
    return patiently(keepAlive ? messages.writeLast(message) : messages.write(message));
  }

  private CompletableFuture<@Nullable Void> sendLarge(Object head, ByteBuf content) {
    boolean taken = false;
    try {
      await(put(head));
      taken = true;
    } finally {
      if (!taken) {
        content.release();
      }
    }
    await(putParts(content));
    return put(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** In parts, as a client may take its time for the whole, if it takes some now and then. */
  private CompletableFuture<@Nullable Void> putParts(ByteBuf bytes) {
    boolean whole = false;
    try {
      while (bytes.readableBytes() > PART) {
        await(put(new DefaultHttpContent(bytes.readRetainedSlice(PART))));
      }
      whole = true;
      return put(new DefaultHttpContent(bytes.retain()));
    } finally {
      incomplete |= !whole;
      bytes.release();
    }
  }

  /** RFC 9110, 8.6 and 15.3.6, which Netty's encoder sees to, and its codec of HTTP/2 does not. */
  private void setLengthOfNoBody(HttpHeaders headers) {
    if (response.status() == 204) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    } else if (response.status() == 205) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
  }

  /** Before one that is written bit by bit. */
  void prepare() {
    HttpHeaders headers = response.headers();
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> said = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!said.isEmpty()) {
      if (said.size() > 1 || !LENGTH.matcher(said.get(0)).matches()) {
        throw new IllegalStateException("Content-Length: " + said);
      }
      length = Long.parseLong(said.get(0));
    } else if (!http2) {
      chunked = !http10;
      if (chunked) {
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      } else {
        keepAlive = false; // the end of the connection is the end of the body
      }
    }
  }

  /** Whether no body is sent, whatever the handler has. */
  boolean isBodiless() {
    int status = response.status();
    return headOnly || status == 204 || status == 205 || status == 304;
  }

  CompletableFuture<@Nullable Void> sendHeadOnly() {
    begun = true;
    ended = true;
    HttpHeaders headers = response.headers();
    setLengthOfNoBody(headers);
    setConnection(headers);
    return putLast(bodiless(response.nettyStatus(), headers));
  }

  /** See {@link HttpBodyWriter#write}. */
  CompletableFuture<@Nullable Void> write(ByteBuf bytes) {
    if (ended || isBodiless()) {
      bytes.release();
      throw new IllegalStateException("The answer has ended");
    }
    if (incomplete) {
      bytes.release();
      throw torn();
    }
    int size = bytes.readableBytes();
    if (length >= 0 && sent + size > length) {
      bytes.release();
      throw new IllegalStateException("More bytes than the Content-Length, " + length);
    }
    if (size == 0) {
      bytes.release(); // an empty chunk would be the last one
      return done();
    }
    sent += size;
    if (!begun) {
      Task<@Nullable Void> head;
      try {
        head = sendHead();
      } catch (Throwable refused) {
        bytes.release();
        throw refused;
      }
      if (!head.isDone()) {
        return both(head, bytes);
      }
    }
    return size <= PART ? put(new DefaultHttpContent(bytes)) : putParts(bytes);
  }

  /** The head is taken over, whether the client takes it or not. */
  private CompletableFuture<@Nullable Void> both(
      CompletableFuture<@Nullable Void> head, ByteBuf bytes) {
    boolean sent = false;
    try {
      await(patiently(head));
      sent = true;
    } finally {
      if (!sent) {
        incomplete = true;
        bytes.release();
      }
    }
    return putParts(bytes);
  }

  private Task<@Nullable Void> sendHead() {
    begun = true;
    HttpHeaders headers = response.headers();
    setConnection(headers);
    return messages.write(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.nettyStatus(), headers));
  }

  HttpHeaders trailers() {
    HttpHeaders now = trailers;
    if (now == null) {
      trailers = now = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
    }
    return now;
  }

  /** After the last write. */
  CompletableFuture<@Nullable Void> end() {
    if (incomplete) {
      throw torn();
    }
    if (broken) { // though its writer has gone on
      throw new IllegalStateException(
          "A write has failed, so the client cannot get the whole body");
    }
    if (length >= 0 && sent < length) {
      throw new IllegalStateException(
          "The body has " + sent + " bytes, and its Content-Length is " + length);
    }
    if (!begun) {
      await(patiently(sendHead()));
    }
    ended = true;
    HttpHeaders last = trailers;
    if (last == null || last.isEmpty() || !(chunked || http2)) {
      return put(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    return put(new DefaultLastHttpContent(io.netty.buffer.Unpooled.EMPTY_BUFFER, last));
  }

  private static IllegalStateException torn() {
    return new IllegalStateException(
        "A write was cancelled in its middle, so the client cannot get the whole body");
  }

  private CompletableFuture<@Nullable Void> put(Object message) {
    return patiently(messages.write(message));
  }

  /** Waits, for as long as the options allow. */
  private CompletableFuture<@Nullable Void> patiently(CompletableFuture<@Nullable Void> write) {
    if (write.isDone()) {
      broken |= write.isCompletedExceptionally();
      return write;
    }
    limit.await(TimeLimit.For.ANSWER);
    boolean taken = false;
    try {
      await(write);
      taken = true;
    } finally {
      broken |= !taken;
      limit.await(TimeLimit.For.NOTHING);
    }
    return done();
  }

  private void setConnection(HttpHeaders headers) {
    if (http2) {
      headers.remove(HttpHeaderNames.CONNECTION);
    } else {
      boolean said = headers.contains(HttpHeaderNames.CONNECTION);
      keepAlive &=
          !(said
              && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true));
      if (!keepAlive) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      } else if (http10) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
      } else if (said) {
        headers.remove(HttpHeaderNames.CONNECTION);
      }
    }
    if (!headers.contains(HttpHeaderNames.DATE)) {
      headers.set(HttpHeaderNames.DATE, Now.text());
    }
  }

  private Object bodiless(HttpResponseStatus status, HttpHeaders headers) {
    return new AnswerEncoder.HeadOnly(status, headers, none());
  }

  private static HttpHeaders none() {
    return io.netty.handler.codec.http.EmptyHttpHeaders.INSTANCE;
  }
}
