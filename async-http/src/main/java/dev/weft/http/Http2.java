package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.net.ByteStream;
import dev.weft.net.FramedStream;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2, whose frames {@link Http2Codec} sees to. Each request is served by a task
 * of its own: {@link Http2Stream}.
 *
 * <p>{@link #end}: the client is told the last stream that will be served (GOAWAY); those are, then
 * the connection is closed. The codec refuses what comes after it, which the client sends again
 * elsewhere: it knows that it was not looked at (RFC 9113, 6.8).
 */
final class Http2 implements Connection.Protocol {
  private final HttpServer server;
  private final ByteStream stream;
  private final TimeLimit limit;

  /** Streams that are being served. */
  private final AtomicInteger open = new AtomicInteger();

  private final AtomicInteger begun = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> allServed = new CompletableFuture<>();

  /** When it is in place. */
  private volatile @Nullable Http2Codec codec;

  private volatile boolean ending;

  /** The GOAWAY is written. Confined to the loop. */
  private boolean farewell;

  /** The client has gone, or is gone from. */
  private volatile boolean ended;

  Http2(HttpServer server, ByteStream stream, TimeLimit limit) {
    this.server = server;
    this.stream = stream;
    this.limit = limit;
  }

  @Override
  public CompletableFuture<@Nullable Void> run() {
    Http2Codec frames = Http2Codec.of(server.options(), this::onRequest);
    FramedStream<Object, Object> framed = await(FramedStream.over(stream, frames));
    codec = frames;
    if (ending) {
      end();
    }
    try {
      for (Object none; (none = await(framed.read())) != null; ) {
        ReferenceCountUtil.release(none); // the codec passes nothing on
      }
    } finally {
      ended = true;
      if (open.get() == 0) {
        allServed.complete(null);
      } else {
        stream.reset(); // and its streams with it, and so their handlers are cancelled
      }
    }
    await(allServed);
    return done();
  }

  // ---- streams

  /** On the loop. */
  private Http2Stream onRequest(
      Http2Codec codec, io.netty.handler.codec.http2.Http2Stream stream, RequestHead head) {
    open.incrementAndGet();
    limit.await(TimeLimit.For.NOTHING);
    if (begun.incrementAndGet() == server.options().requestLimit()) {
      end();
    }
    Http2Stream served = new Http2Stream(server, this.stream, codec, stream, head, this::onServed);
    try {
      served.begin();
    } catch (RuntimeException refused) {
      onServed();
      throw refused;
    }
    return served;
  }

  private void onServed() {
    if (open.decrementAndGet() == 0) {
      if (ended) {
        allServed.complete(null);
      } else if (ending) {
        end();
      } else {
        limit.await(TimeLimit.For.REQUEST);
        if (open.get() > 0) { // another has begun in between, and its word was the last but one
          limit.await(TimeLimit.For.NOTHING);
        }
      }
    }
  }

  // ---- the end

  @Override
  public void end() {
    ending = true;
    Http2Codec frames = codec;
    if (frames == null) {
      return; // run() sees to it
    }
    frames.loop().add(() -> sayFarewell(frames)); // or else it was cut, with all others
  }

  /** On the loop. Not waited for: a client that reads nothing would keep the connection. */
  private void sayFarewell(Http2Codec frames) {
    if (!farewell) {
      farewell = true;
      frames.goAway();
    }
    if (open.get() == 0) { // of those that it has named
      stream.shutdownInput();
    }
  }

  @Override
  public void cut() {
    end(); // nothing is asked for any more
  }
}
