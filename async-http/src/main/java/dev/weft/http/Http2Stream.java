package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.net.ByteStream;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One stream of HTTP/2: a request. A task makes the answer; all else is done on the loop, in turns.
 *
 * <p>The last message of an answer the task leaves behind ({@link #last}), so that it does not wait
 * for it, and the stream is over when that is sent. What the task has written is the loop's from
 * {@link #onAnswered} on.
 */
final class Http2Stream implements Messages {
  private static final Object TAKEN = new Object();

  private final HttpServer server;
  private final ByteStream connection;
  private final Http2Codec codec;
  private final io.netty.handler.codec.http2.Http2Stream stream;
  private final RequestHead head;
  private final Runnable onOver;
  private final TimeLimit limit;
  private final Unread unread = new Unread(this::onTaken);
  private final Input input = new Input(this);

  /**
   * Of the task, then of the loop, which leaves {@link #TAKEN}: an executor that closes ends the
   * task while a worker is still in the middle of it, and what comes then is nobody's.
   */
  private final AtomicReference<@Nullable Object> last = new AtomicReference<>();

  /** Of the task, then of the loop. */
  private boolean answered;

  /** Confined to the loop. */
  private boolean requestEnded;

  /** Confined to the loop. */
  private boolean over;

  /** When it was cut first, in nanoseconds. Of the task that looks at the limits. */
  private long cutAt;

  private boolean cut;

  /**
   * @param onOver the answer is sent, or will not be; on the loop, or if there is none any more on
   *     another thread
   */
  Http2Stream(
      HttpServer server,
      ByteStream connection,
      Http2Codec codec,
      io.netty.handler.codec.http2.Http2Stream stream,
      RequestHead head,
      Runnable onOver) {
    this.server = server;
    this.connection = connection;
    this.codec = codec;
    this.stream = stream;
    this.head = head;
    this.onOver = onOver;
    this.requestEnded = head.isWhole();
    this.limit = new TimeLimit(server, this::onTimeOver);
  }

  // ---- messages

  @Override
  public Task<@Nullable Object> read() {
    return unread.next();
  }

  private void onTaken(int bytes) {
    codec.loop().add(() -> codec.taken(stream, bytes));
  }

  /**
   * Complete when it is sent, so that a stream has at most one message in its queue. It is sent
   * though who waits for that is cancelled.
   */
  @Override
  public Task<@Nullable Void> write(Object message) {
    Write write = new Write(message);
    codec.loop().add(write);
    return write;
  }

  private final class Write extends Task<@Nullable Void> implements ConnectionLoop.Turn {
    private final Object message;

    Write(Object message) {
      this.message = message;
    }

    @Override
    public void take() {
      codec.write(stream, message).addListener(this::onSent);
    }

    private void onSent(Future<? super Void> sent) {
      Throwable cause = sent.cause();
      if (cause == null) {
        complete(null);
      } else {
        completeExceptionally(
            Http2Codec.isOfTheStream(cause) ? new ClosedChannelException() : cause);
      }
    }

    @Override
    public void refuse() {
      ReferenceCountUtil.release(message);
      completeExceptionally(new ClosedChannelException());
    }

    /** Nobody waits any more; so nobody is told that it has failed. */
    @Override
    protected boolean stop() {
      return cancel(false) || isDone();
    }
  }

  /** But an access log is told how it ended. */
  @Override
  public Task<@Nullable Void> writeLast(Object message) {
    if (server.accessLog() != null) {
      return write(message);
    }
    if (!last.compareAndSet(null, message)) {
      ReferenceCountUtil.release(message);
    }
    return done();
  }

  @Override
  public void reset() {
    resetSoon(Http2Error.INTERNAL_ERROR);
  }

  private void resetSoon(Http2Error why) {
    codec.loop().add(() -> codec.reset(stream, why));
  }

  // ---- the request

  /** Has it answered, by a task. */
  void begin() {
    server
        .executor()
        .spawn("http2-stream", this::run)
        .handle(
            (nothing, error) -> {
              onAnswered();
              return null;
            });
  }

  private CompletableFuture<@Nullable Void> run() {
    Exchange exchange = new Exchange(server, this, input, limit, head, connection, true, true);
    answered = await(exchange.run());
    return done();
  }

  private void onAnswered() {
    input.close();
    codec
        .loop()
        .add(
            new ConnectionLoop.Turn() {
              @Override
              public void take() {
                sendLast();
              }

              @Override
              public void refuse() {
                ReferenceCountUtil.release(last.getAndSet(TAKEN));
                unread.close();
                end();
              }
            });
  }

  /** From any thread. */
  private void onTimeOver() {
    if (limit.overFor() == TimeLimit.For.ANSWER) {
      long now = server.executor().nanoTime();
      if (!cut) {
        cut = true;
        cutAt = now;
      } else if (now - cutAt > TimeLimit.FAREWELL.toNanos()) {
        connection.reset(); // the word that this one is over stands in the same queue
      }
      resetSoon(Http2Error.CANCEL);
    } else {
      unread.end();
    }
  }

  // ---- on the loop

  /**
   * A part of the request has come.
   *
   * @return false if it is kept
   */
  boolean onPart(Object message) {
    requestEnded |= message instanceof LastHttpContent;
    return unread.add(message);
  }

  /** Both sides have ended, or one has reset it; the client has gone, maybe. */
  void onClosed() {
    unread.end();
    input.onGone();
  }

  private void sendLast() {
    unread.close();
    Object message = last.getAndSet(TAKEN);
    if (message == null) {
      over(answered);
      return;
    }
    ChannelPromise sent = codec.write(stream, message);
    if (sent.isDone()) {
      over(sent.isSuccess());
      return;
    }
    sent.addListener(written -> over(written.isSuccess()));
    codec.loop().afterSending(this::awaitSent);
  }

  private void awaitSent() {
    if (!over) {
      limit.await(TimeLimit.For.ANSWER);
    }
  }

  private void over(boolean success) {
    over = true;
    if (!success) {
      codec.reset(stream, Http2Error.CANCEL);
    } else if (!requestEnded) {
      // The answer is all there is, and the rest of the request not wanted: RFC 9113, 8.1.
      codec.reset(stream, Http2Error.NO_ERROR);
    }
    end();
  }

  private void end() {
    limit.close();
    onOver.run();
  }
}
