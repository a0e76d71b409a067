package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.log.LimitedLog;
import dev.weft.net.ByteStream;
import dev.weft.net.FramedStream;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A connection of HTTP/1.1: one request after the other. Requests that are sent ahead wait, as in
 * Go's and in Node's server: their answers have to come in order anyway.
 *
 * <p>{@link #end} may come at any time: it writes {@link #ending}, then reads {@link #idle}; {@link
 * #run} writes {@link #idle}, then reads {@link #ending}. So one of them ends the input of a
 * connection on which nothing is going on.
 */
final class Http1 implements Messages, Connection.Protocol {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(HttpServer.class));

  private final HttpServer server;
  private final ByteStream stream;
  private final TimeLimit limit;
  private final Input input = new Input(this);
  private volatile @Nullable FramedStream<Object, Object> framed;
  private volatile boolean ending;
  private volatile boolean idle;

  /** The last write of the answer before. */
  private Task<@Nullable Void> lastWrite = done();

  Http1(HttpServer server, ByteStream stream, TimeLimit limit) {
    this.server = server;
    this.stream = stream;
    this.limit = limit;
  }

  // ---- messages

  @Override
  public Task<@Nullable Object> read() {
    return framed().read();
  }

  @Override
  public Task<@Nullable Void> write(Object message) {
    return framed().write(message);
  }

  /**
   * On another thread than the loop's, waiting for it would cost the task two hops. But an access
   * log is told how it ended.
   */
  @Override
  public Task<@Nullable Void> writeLast(Object message) {
    Task<@Nullable Void> write = write(message);
    if (write.isDone() || server.accessLog() != null) {
      return write;
    }
    lastWrite = write;
    return done();
  }

  @Override
  public void reset() {
    stream.reset();
  }

  private FramedStream<Object, Object> framed() {
    FramedStream<Object, Object> now = framed;
    if (now == null) {
      throw new IllegalStateException("not begun");
    }
    return now;
  }

  // ---- the connection

  @Override
  public CompletableFuture<@Nullable Void> run() {
    framed = await(FramedStream.over(stream, handlers()));
    try {
      int left = server.options().requestLimit();
      while (true) {
        Object message;
        beginIdle();
        try {
          message = await(input.next());
        } finally {
          idle = false;
          limit.await(TimeLimit.For.NOTHING);
        }
        if (message == null) {
          await(lastWrite());
          await(onEnd());
          return done();
        }
        if (!(message instanceof HttpRequest head)) {
          ReferenceCountUtil.release(message);
          continue;
        }
        if (head.decoderResult().cause() instanceof PrematureChannelClosureException) {
          await(lastWrite());
          await(onEnd());
          return done();
        }
        left--;
        await(lastWrite());
        if (!await(handle(head, left > 0))) {
          return done();
        }
      }
    } finally {
      input.close();
    }
  }

  /** The next head is waited for, or what is left of a body. */
  private void beginIdle() {
    if (lastWrite.isDone() && !lastWrite.isCompletedExceptionally()) {
      limit.await(TimeLimit.For.REQUEST);
    } else {
      limit.awaitRequestAfter(lastWrite, this::onLastWriteFailed);
    }
    idle = true;
    if (ending) {
      stream.shutdownInput();
    }
  }

  /** The client must not wait for it. From any thread. */
  private void onLastWriteFailed(Throwable error) {
    if (!(error instanceof IOException)) { // else the client has gone
      LOG.error("An answer could not be sent", error);
    }
    reset();
  }

  /** Until the client has taken the last answer, or room for it was found. */
  private CompletableFuture<@Nullable Void> lastWrite() {
    return lastWrite.isDone() ? lastWrite : waitForLastWrite();
  }

  private CompletableFuture<@Nullable Void> waitForLastWrite() {
    limit.await(TimeLimit.For.ANSWER);
    try {
      await(lastWrite);
    } finally {
      limit.await(TimeLimit.For.NOTHING);
    }
    return done();
  }

  /** Whether the connection goes on. */
  private CompletableFuture<Boolean> handle(HttpRequest head, boolean more) {
    Exchange exchange = new Exchange(server, this, input, limit, head, stream, false, more);
    if (!await(exchange.run())) {
      return done(false);
    }
    if (exchange.isKeepAlive() && exchange.isRequestEnded()) {
      return done(true);
    }
    await(lastWrite());
    if (exchange.isKeepAlive() && await(exchange.skipBody())) {
      return done(true);
    }
    await(farewell());
    return done(false);
  }

  // ---- the end

  @Override
  public void end() {
    ending = true;
    if (idle) {
      stream.shutdownInput();
    }
  }

  @Override
  public void cut() {
    if (limit.overFor() == TimeLimit.For.ANSWER) {
      stream.reset(); // it would not read a word
    } else {
      stream.shutdownInput();
    }
  }

  /** Nothing more comes. */
  private CompletableFuture<@Nullable Void> onEnd() {
    if (limit.overFor() == TimeLimit.For.HEAD && limit.isBegun()) {
      HttpResponse late = HttpResponse.text("The request did not come\n").status(408);
      Answer answer = new Answer(this, limit, late, false, false, false, false);
      await(answer.send(Objects.requireNonNull(late.content())));
    }
    return done();
  }

  /**
   * Lets the client read the last answer: closing a connection on which something comes in resets
   * it, and the client's kernel may drop what was not read (RFC 9112, 9.6).
   */
  private CompletableFuture<@Nullable Void> farewell() {
    limit.await(TimeLimit.For.FAREWELL);
    await(stream.shutdownOutput());
    for (Object message; (message = await(input.next())) != null; ) {
      ReferenceCountUtil.release(message);
    }
    return done();
  }

  // ---- the codec

  private ChannelHandler[] handlers() {
    int headLimit = server.options().headLimit();
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(headLimit / 2)
            .setMaxHeaderSize(headLimit)
            .setStrictLineParsing(true);
    return new ChannelHandler[] {new RequestDecoder(config, limit), new AnswerEncoder()};
  }
}
