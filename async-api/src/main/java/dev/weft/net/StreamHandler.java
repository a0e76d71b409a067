package dev.weft.net;

import dev.weft.frame.Carrier;
import dev.weft.net.poll.ChannelEnd;
import dev.weft.net.poll.ReadRefused;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;

/** Carries Netty's events to a stream. All methods run on the loop's thread. */
final class StreamHandler extends LastHandler {
  private final TcpStream stream;
  private final Inbox inbox;
  private final Intake intake;
  private final Outbox outbox;

  private StreamHandler(TcpStream stream, Inbox inbox, Intake intake, Outbox outbox) {
    this.stream = stream;
    this.inbox = inbox;
    this.intake = intake;
    this.outbox = outbox;
  }

  /** Sets up the channel of a stream, which is not registered yet. */
  static void install(
      TcpStream stream,
      SocketChannel channel,
      Inbox inbox,
      Intake intake,
      Outbox outbox,
      TcpOptions options) {
    SocketChannelConfig config = channel.config();
    config.setAutoRead(false);
    config.setAllowHalfClosure(true);
    config.setTcpNoDelay(options.noDelay());
    if (options.keepAlive()) {
      config.setKeepAlive(true);
    }
    ChannelEnd.resetUnlessInOrder(channel);
    config.setRecvByteBufAllocator(new ReceiveBuffers(intake));
    config.setMessageSizeEstimator(CapacityEstimator.INSTANCE);
    config.setWriteBufferWaterMark(
        new WriteBufferWaterMark(options.sendLimit() / 2, options.sendLimit()));
    channel.pipeline().addLast(new StreamHandler(stream, inbox, intake, outbox));
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
    inbox.put((ByteBuf) message);
    intake.onInput();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    intake.onReadComplete();
    eventHandled(); // the end of the pipeline has nothing to do here
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outbox.onWritable();
    eventHandled();
  }

  /** To an executor that runs what an event has woken before the next one. */
  private static void eventHandled() {
    Carrier carrier = Carrier.current();
    if (carrier != null) {
      carrier.onIoEvent();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE
        || event == ChannelInputShutdownReadComplete.INSTANCE) {
      stream.onInputEnded();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    if (error != ReadRefused.INSTANCE) { // that one has done its work by now
      stream.onBroken(error);
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stream.onBroken(null);
  }
}
