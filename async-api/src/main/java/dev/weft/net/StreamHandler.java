package dev.weft.net;

import dev.weft.frame.Carrier;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.poll.ChannelEnd;
import dev.weft.net.poll.ReadRefused;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Carries Netty's events to a stream. All methods run on the loop's thread. */
final class StreamHandler extends LastHandler {
  private final ByteStream stream;
  private final Inbox inbox;
  private final Intake intake;
  private final Outbox outbox;
  private final DuplexChannel channel;

  /** Written on the loop. */
  private volatile @Nullable Layer layer;

  private StreamHandler(
      ByteStream stream, DuplexChannel channel, Inbox inbox, Intake intake, Outbox outbox) {
    this.stream = stream;
    this.channel = channel;
    this.inbox = inbox;
    this.intake = intake;
    this.outbox = outbox;
  }

  /** Sets up the channel of a stream, which is not registered yet. */
  static StreamHandler install(
      ByteStream stream,
      DuplexChannel channel,
      Inbox inbox,
      Intake intake,
      Outbox outbox,
      TcpOptions options) {
    DuplexChannelConfig config = (DuplexChannelConfig) channel.config();
    config.setAutoRead(false);
    config.setAllowHalfClosure(true);
    ChannelEnd.resetUnlessInOrder(channel);
    config.setRecvByteBufAllocator(intake.buffers());
    config.setMessageSizeEstimator(CapacityEstimator.INSTANCE);
    config.setWriteBufferWaterMark(
        new WriteBufferWaterMark(options.sendLimit() / 2, options.sendLimit()));
    StreamHandler handler = new StreamHandler(stream, channel, inbox, intake, outbox);
    channel.pipeline().addLast(handler);
    return handler;
  }

  /** What stands between the stream and the socket, if anything. From any thread. */
  @Nullable Layer layer() {
    return layer;
  }

  void setLayer(@Nullable Layer now) {
    layer = now;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    outbox.attach(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    stream.onOpen();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (intake.isRefusing()) {
      ReferenceCountUtil.release(message); // a decoder that goes on after it has failed
      return;
    }
    inbox.put(message);
    if (!stream.isFramed()) { // else its bytes were counted before the codecs
      intake.onInput();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    intake.onReadComplete();
    eventHandled(); // the end of the pipeline has nothing to do here
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outbox.onWritable();
    if (context.channel().isWritable()) { // else nobody was woken
      eventHandled();
    }
  }

  /** To an executor that runs what an event has woken before the next one. */
  static void eventHandled() {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.onIoEvent();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    Layer between = layer;
    if (event == ChannelInputShutdownEvent.INSTANCE
        || event == ChannelInputShutdownReadComplete.INSTANCE) {
      if (between == null || intake.isEnded() || intake.isCut()) {
        stream.onInputEnded();
      } else {
        intake.end(between::truncated);
      }
    } else if (between != null && between.isEndOfInput(event)) {
      stream.onInputEnded();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    if (error == ReadRefused.INSTANCE) {
      return; // that one has done its work by now
    }
    Layer between = layer;
    if (stream.isFramed() && !(error instanceof IOException)) {
      intake.refuse(SocketErrors.undecodable(stream.toString(), error));
    } else {
      stream.onBroken(between == null ? error : between.failure(error));
      ChannelEnd.abort(channel);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stream.onBroken(null);
  }
}
