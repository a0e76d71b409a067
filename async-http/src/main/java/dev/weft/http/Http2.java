package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.net.ByteStream;
import dev.weft.net.FramedStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2. Netty's codec has the frames, the windows, the fields, and the limits for
 * floods of what is cheap to send (resets, pings, settings, empty frames, continuations); its
 * multiplexer makes a channel of each stream, and each is served by a task: {@link Http2Stream}.
 *
 * <p>{@link #end}: the client is told the last stream that will be served (GOAWAY); those are, then
 * the connection is closed. The multiplexer drops what comes after it, which the client sends again
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
  private volatile @Nullable FramedStream<Object, Object> framed;
  private volatile boolean ending;

  /** Confined to the loop. */
  private @Nullable ConnectionFlushes flushes;

  /** The GOAWAY, once. Guarded by this. */
  private @Nullable Task<?> farewell;

  /** The client has gone, or is gone from. */
  private volatile boolean ended;

  Http2(HttpServer server, ByteStream stream, TimeLimit limit) {
    this.server = server;
    this.stream = stream;
    this.limit = limit;
  }

  @Override
  public CompletableFuture<@Nullable Void> run() {
    FramedStream<Object, Object> frames = await(FramedStream.over(stream, handlers()));
    framed = frames;
    if (ending) {
      end();
    }
    try {
      for (Object frame; (frame = await(frames.read())) != null; ) {
        ReferenceCountUtil.release(frame); // of the connection: the codec has seen to it
      }
    } finally {
      ended = true;
      if (open.get() == 0) {
        allServed.complete(null);
      } else {
        stream.reset(); // and the streams' channels with it, and so their handlers are cancelled
      }
    }
    await(allServed);
    return done();
  }

  // ---- streams

  /** On the loop. */
  private void onStream(Channel channel) {
    open.incrementAndGet();
    limit.await(TimeLimit.For.NOTHING);
    if (begun.incrementAndGet() == server.options().requestLimit()) {
      end();
    }
    channel.config().setAutoRead(false);
    Http2Stream served = new Http2Stream(server, channel, stream, flushes(channel.parent()));
    channel.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true), served);
    server
        .executor()
        .spawn("http2-stream", served::run)
        .handle(
            (nothing, error) -> {
              onServed();
              return null;
            });
  }

  /** On the loop. */
  private ConnectionFlushes flushes(Channel connection) {
    ConnectionFlushes now = flushes;
    if (now == null) {
      flushes = now = new ConnectionFlushes(connection);
    }
    return now;
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
    FramedStream<Object, Object> frames = framed;
    if (frames == null) {
      return; // run() sees to it
    }
    Task<?> said;
    synchronized (this) {
      said = farewell;
      if (said == null) {
        farewell = said = frames.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
      }
    }
    said.whenComplete(
        (nothing, error) -> {
          if (open.get() == 0) { // of those that it has named
            stream.shutdownInput();
          }
        });
  }

  @Override
  public void cut() {
    end(); // nothing is asked for any more
  }

  // ---- the codec

  private ChannelHandler[] handlers() {
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(server.options().streamLimit())
            .maxHeaderListSize(server.options().headLimit());
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(settings)
            .validateRequiredPseudoHeaders(true)
            .decoupleCloseAndGoAway(true) // a stream that is closed has said it, or is to be cut
            .build();
    return new ChannelHandler[] {
      codec,
      new ConnectionWindow(codec),
      new Http2MultiplexHandler(
          new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
              onStream(channel);
            }
          })
    };
  }

  /**
   * Opens the window of the connection, which is as large as that of one stream at first: an upload
   * that its handler does not read would stop all others.
   */
  private static final class ConnectionWindow extends ChannelInboundHandlerAdapter {
    /** As Go's server has it: what the streams of a connection may hold unread, all together. */
    private static final int BYTES = 1 << 20;

    private final Http2FrameCodec codec;

    ConnectionWindow(Http2FrameCodec codec) {
      this.codec = codec;
    }

    /** The codec is there, and has sent the preface, as the connection is open. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
      codec
          .connection()
          .local()
          .flowController()
          .incrementWindowSize(
              codec.connection().connectionStream(), BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
      context.flush();
    }
  }
}
