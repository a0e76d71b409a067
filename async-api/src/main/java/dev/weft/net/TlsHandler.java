package dev.weft.net;

import dev.weft.net.tls.TlsWords;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** Netty's handler, which tells the layer what it else does by itself. */
final class TlsHandler extends SslHandler {
  /** The type of a record of the handshake: RFC 5246, 6.2.1. */
  private static final int HANDSHAKE = 22;

  private final TlsLayer layer;

  TlsHandler(SSLEngine engine, Executor computing, TlsLayer layer) {
    super(engine, false, computing);
    this.layer = layer;
    setHandshakeTimeoutMillis(0); // that is the layer's, which says what it was
    setCumulator(
        (allocator, before, in) ->
            MERGE_CUMULATOR.cumulate(allocator, before, layer.unpromised(allocator, in)));
  }

  /** Here begins a record, of which more may be to come. */
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws SSLException {
    if (in.isReadable()
        && in.getUnsignedByte(in.readerIndex()) == HANDSHAKE
        && layer.isRenegotiationIfHandshake()) {
      in.skipBytes(in.readableBytes());
      layer.abortOnFailure();
      throw new SSLException(TlsWords.RENEGOTIATION);
    }
    super.decode(context, in, out);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (layer.hasFailed()) {
      context.write(message, promise); // nothing but an empty buffer, to know when all is sent
    } else {
      super.write(context, message, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) throws Exception {
    if (layer.hasFailed()) {
      context.flush();
    } else {
      super.flush(context);
    }
  }

  /** The stream ends in order: says goodbye first. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    layer.onCloseInOrder();
    if (layer.hasFailed()) {
      context.close(promise);
    } else {
      super.close(context, promise);
    }
  }
}
