package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Netty's codec of HTTP/2: frames, windows, fields, and limits for floods of what is cheap to send
 * (resets, pings, settings, empty frames, continuations). Here its frames become the messages of an
 * {@link Http2Stream}, and those become frames. Confined to the loop.
 *
 * <p>Without Netty's {@code Http2MultiplexHandler}, which makes a channel with a pipeline of each
 * stream: with that, and a wait for each answer, a request cost twice as much. Streams share what
 * the connection can send evenly; the priorities of RFC 7540 are not used any more (RFC 9113,
 * 5.3.2).
 */
final class Http2Codec extends Http2ConnectionHandler {
  /** As Go's server has it: what the streams of a connection may hold unread, all together. */
  private static final int WINDOW = 1 << 20;

  /** Who takes the requests. */
  interface Requests {
    /** What has come first of a stream. */
    Http2Stream begin(
        Http2Codec codec, io.netty.handler.codec.http2.Http2Stream stream, RequestHead head);
  }

  private final Requests requests;
  private final Http2Connection.PropertyKey served;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ConnectionLoop loop;

  /** Streams that this side has reset, of which more may be under way. A power of two of them. */
  private final int[] resetLately;

  private int resets;

  /** The last stream that the client was told is served. */
  private int lastServed = Integer.MAX_VALUE;

  private Http2Codec(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      HttpOptions options,
      Requests requests) {
    super(decoder, encoder, settings, true); // a stream that is closed has said it, or is cut
    this.requests = requests;
    this.resetLately = new int[Integer.highestOneBit(Math.min(options.streamLimit(), 512)) * 4];
    this.served = connection().newKey();
    decoder.frameListener(new Frames());
    connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(io.netty.handler.codec.http2.Http2Stream stream) {
                Http2Stream ours = stream.getProperty(served);
                if (ours != null) {
                  ours.onClosed();
                }
              }
            });
  }

  static Http2Codec of(HttpOptions options, Requests requests) {
    return new Builder(options, requests).build();
  }

  /**
   * Opens the window of the connection, which is as large as that of one stream at first: an upload
   * that its handler does not read would stop all others.
   */
  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    loop = new ConnectionLoop(added.executor(), added.executor()::isShutdown, () -> flush(added));
    super.handlerAdded(added); // sends the preface, as the connection is open
    connection()
        .local()
        .flowController()
        .incrementWindowSize(
            connection().connectionStream(), WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    added.flush();
  }

  /** What runs all of this. From any thread, once it is in place. */
  ConnectionLoop loop() {
    return Objects.requireNonNull(loop, "added");
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "added");
  }

  // ---- what goes wrong

  /**
   * A write that comes too late for its stream is no fault of anybody's. And what the client had
   * sent before it knew of a reset is ignored (RFC 9113, 5.1).
   */
  @Override
  protected void onStreamError(
      ChannelHandlerContext at,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    int id = error.streamId();
    if (error.error() != Http2Error.STREAM_CLOSED || !(outbound || isResetLately(id))) {
      keepReset(id);
      super.onStreamError(at, outbound, cause, error);
    }
  }

  private void keepReset(int id) {
    if (!isResetLately(id)) {
      resetLately[resets++ & (resetLately.length - 1)] = id;
    }
  }

  private boolean isResetLately(int id) {
    for (int each : resetLately) {
      if (each == id) {
        return true;
      }
    }
    return false;
  }

  /** Who reads learns of it, too, and gives the connection up. */
  @Override
  protected void onConnectionError(
      ChannelHandlerContext at, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
    if (!outbound) {
      at.fireExceptionCaught(cause);
    }
    super.onConnectionError(at, outbound, cause, error);
  }

  // ---- in

  private final class Frames extends Http2EventAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext at,
        int id,
        Http2Headers fields,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last)
        throws Http2Exception {
      onHeadersRead(at, id, fields, padding, last);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext at, int id, Http2Headers fields, int padding, boolean last)
        throws Http2Exception {
      io.netty.handler.codec.http2.Http2Stream stream = connection().stream(id);
      Http2Stream ours = stream.getProperty(served);
      if (ours == null) {
        if (id > lastServed) {
          throw Http2Exception.streamError(id, Http2Error.REFUSED_STREAM, "The server has ended");
        }
        RequestHead head = Http2Heads.request(id, fields, last);
        try {
          stream.setProperty(served, requests.begin(Http2Codec.this, stream, head));
        } catch (RuntimeException refused) { // and not by what the client has sent
          throw Http2Exception.streamError(
              id, Http2Error.REFUSED_STREAM, refused, "The server takes no request");
        }
      } else {
        LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        Http2Heads.copyTrailers(id, fields, end.trailingHeaders());
        ours.onPart(end);
      }
    }

    /** Returns how many bytes are done with; there is room for as many. */
    @Override
    public int onDataRead(
        ChannelHandlerContext at, int id, ByteBuf bytes, int padding, boolean last) {
      int size = bytes.readableBytes();
      Http2Stream ours = connection().stream(id).getProperty(served);
      if (ours == null) {
        return size + padding;
      }
      if (size == 0 && !last) {
        return padding;
      }
      HttpContent part =
          last
              ? new DefaultLastHttpContent(bytes.retain())
              : new DefaultHttpContent(bytes.retain());
      return ours.onPart(part) ? size + padding : padding;
    }
  }

  /** There is room for so many bytes again. */
  void taken(io.netty.handler.codec.http2.Http2Stream stream, int bytes) {
    try {
      connection().local().flowController().consumeBytes(stream, bytes);
    } catch (Http2Exception error) {
      onError(context(), false, error);
    }
  }

  // ---- out

  /**
   * Writes a message, and takes it over.
   *
   * @return complete when it is sent; fails with {@link ClosedChannelException} if the stream is
   *     over, or with what {@link #isOfTheStream} knows if that comes to be so
   */
  ChannelPromise write(io.netty.handler.codec.http2.Http2Stream stream, Object message) {
    ChannelPromise sent = context().newPromise();
    if (!canSend(stream)) {
      ReferenceCountUtil.release(message);
      return sent.setFailure(new ClosedChannelException());
    }
    try {
      write(stream.id(), message, sent);
    } catch (RuntimeException unencodable) { // before anything of it is handed over
      ReferenceCountUtil.release(message);
      sent.tryFailure(unencodable);
    }
    return sent;
  }

  private void write(int id, Object message, ChannelPromise sent) {
    if (message instanceof FullHttpResponse whole) {
      boolean only = whole.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      boolean empty = !whole.content().isReadable();
      Http2Headers head = Http2Heads.answer(whole);
      if (only || empty) {
        whole.release();
        encoder().writeHeaders(context(), id, head, 0, !only, sent);
      } else {
        encoder().writeHeaders(context(), id, head, 0, false, context().newPromise());
        encoder().writeData(context(), id, whole.content(), 0, true, sent);
      }
    } else if (message instanceof HttpResponse head) {
      encoder().writeHeaders(context(), id, Http2Heads.answer(head), 0, false, sent);
    } else if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
      Http2Headers trailers = Http2Heads.trailers(last.trailingHeaders());
      last.release(); // they stand in a message without bytes
      encoder().writeHeaders(context(), id, trailers, 0, true, sent);
    } else {
      HttpContent part = (HttpContent) message;
      encoder()
          .writeData(context(), id, part.content(), 0, message instanceof LastHttpContent, sent);
    }
  }

  private static boolean canSend(io.netty.handler.codec.http2.Http2Stream stream) {
    return switch (stream.state()) {
      case OPEN, HALF_CLOSED_REMOTE -> !stream.isResetSent();
      default -> false;
    };
  }

  /** Whether a write has failed as its stream was over before it could be sent. */
  static boolean isOfTheStream(Throwable cause) {
    return cause instanceof Http2Exception known && known.error() == Http2Error.STREAM_CLOSED;
  }

  /** Gives a stream up, unless it is over. Sends that, as it may come out of a flush. */
  void reset(io.netty.handler.codec.http2.Http2Stream stream, Http2Error why) {
    if (stream.state() != io.netty.handler.codec.http2.Http2Stream.State.CLOSED) {
      keepReset(stream.id());
      encoder().writeRstStream(context(), stream.id(), why.code(), context().newPromise());
      flush(context());
    }
  }

  /**
   * Tells the client the last stream that is served. Not by Netty's way, which does not know the
   * streams behind it: what the client sends of one before it hears of this would be an error of
   * the connection, and end those that are served.
   */
  void goAway() {
    lastServed = connection().remote().lastStreamCreated();
    frameWriter()
        .writeGoAway(
            context(),
            lastServed,
            Http2Error.NO_ERROR.code(),
            Unpooled.EMPTY_BUFFER,
            context().newPromise());
  }

  // ---- making it

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Codec, Builder> {
    private final HttpOptions options;
    private final Requests requests;

    Builder(HttpOptions options, Requests requests) {
      this.options = options;
      this.requests = requests;
      DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection)));
      connection(connection);
      initialSettings(
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(options.streamLimit())
              .maxHeaderListSize(options.headLimit()));
      validateRequiredPseudoHeaders(true);
      gracefulShutdownTimeoutMillis(0); // for a client that would not read why, either
    }

    @Override
    protected Http2Codec build() {
      return super.build();
    }

    @Override
    protected Http2Codec build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Codec(decoder, encoder, settings, options, requests);
    }
  }
}
