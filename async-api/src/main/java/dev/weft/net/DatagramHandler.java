package dev.weft.net;

import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.poll.Backend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/** Carries Netty's events to a socket. All methods run on the loop's thread. */
final class DatagramHandler extends LastHandler {
  private final UdpSocket socket;
  private final DatagramInbox inbox;
  private final DatagramOutbox outbox;
  private final int receiveSize;
  private final boolean batched;

  // Confined to the loop's thread.
  private boolean reading;
  private long received;
  private long truncated;
  private long discarded;

  private DatagramHandler(
      UdpSocket socket,
      DatagramInbox inbox,
      DatagramOutbox outbox,
      int receiveSize,
      boolean batched) {
    this.batched = batched;
    this.socket = socket;
    this.inbox = inbox;
    this.outbox = outbox;
    this.receiveSize = receiveSize;
  }

  /** Sets up the channel of a socket, which is not registered yet. */
  static DatagramHandler install(
      UdpSocket socket,
      SocketDriver driver,
      DatagramChannel channel,
      DatagramInbox inbox,
      DatagramOutbox outbox,
      UdpOptions options) {
    DatagramChannelConfig config = channel.config();
    config.setAutoRead(false);
    config.setMessageSizeEstimator(CapacityEstimator.INSTANCE);
    config.setWriteBufferWaterMark(
        new WriteBufferWaterMark(options.sendLimit() / 2, options.sendLimit()));
    Backend backend = driver.backend();
    int place = Math.min(options.receiveSize() + 1, UdpOptions.LONGEST);
    ByteBuf slab = backend.receivesOnDemand() ? Unpooled.EMPTY_BUFFER : driver.slab();
    int batch = DatagramBuffers.batch(backend.receiveBatch(), place, slab.capacity());
    backend.receiveSize(channel, place);
    config.setRecvByteBufAllocator(new DatagramBuffers(inbox, place, batch, slab));
    DatagramHandler handler =
        new DatagramHandler(socket, inbox, outbox, options.receiveSize(), batch > 1);
    channel.pipeline().addLast(handler);
    return handler;
  }

  /** Joins or leaves a group. See {@link UdpSocket#join}. */
  static void membership(
      DatagramChannel channel,
      InetSocketAddress group,
      NetworkInterface on,
      boolean join,
      Task<@Nullable Void> done) {
    Future<?> changed = join ? channel.joinGroup(group, on) : channel.leaveGroup(group, on);
    changed.addListener(
        change -> {
          if (change.isSuccess()) {
            done.complete(null);
          } else {
            String address = group.getAddress().getHostAddress();
            done.completeExceptionally(SocketErrors.broken(address, change.cause()).get());
          }
        });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    outbox.attach(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    received++;
    reading = batched;
    try {
      int length = packet.content().readableBytes();
      ByteBuf content = copy(context, packet.content(), Math.min(length, receiveSize));
      if (length > receiveSize) {
        truncated++;
      }
      inbox.put(new Datagram(content, packet.sender(), length > receiveSize));
    } catch (OutOfMemoryError noMemory) { // Netty's own too, when its direct memory is used up
      discarded++;
      SocketLog.noMemoryForDatagram(socket, noMemory);
    } finally {
      packet.release();
    }
  }

  private static ByteBuf copy(ChannelHandlerContext context, ByteBuf from, int length) {
    if (length == 0) {
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf copy = context.alloc().directBuffer(length, length);
    return copy.writeBytes(from, from.readerIndex(), length);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    socket.intake().onReadComplete();
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
  public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
    socket.intake().onFailed(error);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    socket.intake().onClosed();
  }

  /** Whether a batch is handed out. */
  boolean isReading() {
    return reading;
  }

  UdpCounts counts(long droppedByKernel) {
    return new UdpCounts(
        received, truncated, discarded, droppedByKernel, outbox.sent(), outbox.failed());
  }
}
