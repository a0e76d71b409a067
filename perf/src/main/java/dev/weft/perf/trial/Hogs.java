package dev.weft.perf.trial;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Clients that send as long as the kernel takes it, up to a bound, and never read. A process of its
 * own, so that they all leave at once when it is killed; it prints each half second how far it is.
 *
 * <p>It is the server's memory that they are after. The kernel's, which all sockets of the machine
 * share, would be used up before: over the loopback, with its segments of 64 KiB, it takes
 * megabytes for a connection that is not read, on the server's side too. So their socket buffers
 * are small, and so are their segments, as those of clients that come over a network.
 */
public final class Hogs {
  private static final int BLOCK = 64 << 10;
  private static final int SEND_BUFFER = 8 << 10;

  /** So little that the server's window of segments does not grow, and its send buffer with it. */
  private static final int RECEIVE_BUFFER = 2 << 10;

  /** The smallest that every network carries, RFC 9293. */
  private static final int SEGMENT = 536;

  /** From {@code netinet/in.h} and {@code netinet/tcp.h}, where Netty has no name for it. */
  private static final ChannelOption<Integer> TCP_MAXSEG =
      new IntegerUnixChannelOption("TCP_MAXSEG", 6, 2);

  /** Connections being made at a time: fewer than a listener's queue holds. */
  private static final int PENDING = 100;

  private static final int PRINT_EVERY_MILLIS = 500;

  private final int clients;
  private final long most;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final ByteBuf block = Unpooled.directBuffer(BLOCK).writeZero(BLOCK);

  // All on the loop.
  private int begun;
  private int pending;
  private int connected;
  private int failed;
  private long sent;

  private Hogs(int port, int clients, long most) {
    this.clients = clients;
    this.most = most;
    this.loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
            .option(ChannelOption.SO_SNDBUF, SEND_BUFFER)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1, 2))
            .option(TCP_MAXSEG, SEGMENT);
  }

  /**
   * Connects and sends until its standard input ends.
   *
   * @param arguments the server's port, how many clients, and what each sends at most, in bytes
   */
  public static void main(String[] arguments) throws IOException {
    Hogs hogs =
        new Hogs(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Long.parseLong(arguments[2]));
    hogs.loop.execute(hogs::connect);
    hogs.loop.scheduleAtFixedRate(
        hogs::print, PRINT_EVERY_MILLIS, PRINT_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }

  private void print() {
    System.out.println(connected + " " + failed + " " + sent);
  }

  private void connect() {
    while (begun < clients && pending < PENDING) {
      begun++;
      pending++;
      bootstrap
          .clone()
          .handler(new Hog())
          .connect()
          .addListener(
              outcome -> {
                pending--;
                failed += outcome.isSuccess() ? 0 : 1;
                loop.execute(this::connect); // not from within, as it may go on for thousands
              });
    }
  }

  private final class Hog extends ChannelInboundHandlerAdapter {
    private long handedOver;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      connected++;
      send(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      send(context);
    }

    private void send(ChannelHandlerContext context) {
      while (context.channel().isActive() && context.channel().isWritable() && handedOver < most) {
        int count = (int) Math.min(BLOCK, most - handedOver);
        handedOver += count;
        context
            .writeAndFlush(block.retainedSlice(0, count))
            .addListener(taken -> sent += taken.isSuccess() ? count : 0);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      connected--;
      failed++;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      context.close(); // it was reset; counted as it becomes inactive
    }
  }
}
