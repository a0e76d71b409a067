package dev.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands between the socket and Netty's TLS. While a part of the handshake is computed elsewhere,
 * Netty only collects what comes, without a bound, and would drop it at the end of the input; so
 * both wait here.
 */
final class TlsCiphertext extends ChannelDuplexHandler {
  /** What is collected before the socket is not read any more: some records of a handshake. */
  private static final int MOST = 64 * 1024;

  private final TlsLayer layer;
  private final Intake intake;
  private int computing;
  private int collected;
  private boolean inputEnded;

  TlsCiphertext(TlsLayer layer, Intake intake) {
    this.layer = layer;
    this.intake = intake;
  }

  void onComputing() {
    computing++;
  }

  /** Netty goes on with the result now, or has: this is queued behind that. */
  void onComputed() {
    computing--;
    if (computing > 0) {
      return;
    }
    if (collected > MOST) {
      intake.hold(false);
    }
    collected = 0;
    ChannelHandlerContext context = layer.ciphertextContext();
    if (inputEnded && context != null) {
      inputEnded = false;
      context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (layer.hasFailed()) {
      ReferenceCountUtil.release(message);
      intake.onInput();
      return;
    }
    if (computing > 0) {
      boolean before = collected > MOST;
      collected += ((ByteBuf) message).readableBytes();
      if (!before && collected > MOST) {
        intake.hold(true);
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean end =
        event == ChannelInputShutdownEvent.INSTANCE
            || event == ChannelInputShutdownReadComplete.INSTANCE;
    if (end && computing > 0) {
      inputEnded = true;
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  /** The intake says when the socket is read; Netty's TLS would read on for itself. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (intake.isReading()) {
      context.read();
    }
  }

  /** By the stream; or by Netty's TLS after a failure, and then the layer knows better. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (layer.isClosingInOrder()) {
      context.close(promise);
    } else {
      context.channel().closeFuture().addListener(closed -> promise.trySuccess());
      layer.onCloseAfterFailure();
    }
  }
}
