package dev.weft.net;

import dev.weft.net.poll.ReadRefused;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Netty's TLS and the stream. Puts what was decrypted into memory of the
 * connection's, so that it counts, and several small records into one buffer: a peer may send a
 * byte in each.
 */
final class TlsPlaintext extends ChannelInboundHandlerAdapter {
  /** Records that are smaller share a buffer of this size. */
  private static final int SHARED = 2048;

  private final TlsLayer layer;
  private final Intake intake;
  private @Nullable ByteBuf filling;

  TlsPlaintext(TlsLayer layer, Intake intake) {
    this.layer = layer;
    this.intake = intake;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    while (in.isReadable()) {
      ByteBuf into = filling;
      if (into == null) {
        into = intake.takeMemory(Math.max(in.readableBytes(), SHARED));
        if (into == null) {
          context.fireChannelRead(in); // it is here, so it is no use to be short of memory
          return;
        }
        into = ReceiveBuffers.tracked(into);
        filling = into;
      }
      into.writeBytes(in, Math.min(in.readableBytes(), into.writableBytes()));
      if (!into.isWritable()) {
        pass(context);
      }
    }
    in.release();
  }

  private void pass(ChannelHandlerContext context) {
    ByteBuf filled = filling;
    if (filled != null) {
      filling = null;
      context.fireChannelRead(filled);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    pass(context);
    context.fireChannelReadComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    pass(context);
    if (event == ChannelInputShutdownEvent.INSTANCE
        || event == ChannelInputShutdownReadComplete.INSTANCE) {
      layer.onInputShutdown();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  @SuppressWarnings("deprecation") // but not for inbound handlers, says Netty
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    pass(context);
    if (error == ReadRefused.INSTANCE) {
      context.fireExceptionCaught(error);
    } else if (error instanceof IOException && !(error instanceof SSLException)) {
      layer.onBroken(error);
      context.fireExceptionCaught(error);
    } else {
      layer.fail(error);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pass(context);
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ByteBuf filled = filling;
    if (filled != null) {
      filling = null;
      filled.release();
    }
  }
}
