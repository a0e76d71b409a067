package dev.weft.net.poll;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Linux io_uring, through Netty's native library. */
final class IoUringBackend extends Backend {
  static final Backend INSTANCE = new IoUringBackend();

  private IoUringBackend() {
    super("io_uring");
  }

  /** A state of a TCP socket in Linux (net/tcp_states.h): not connected. */
  private static final int TCP_CLOSE = 7;

  @Override
  public IoHandlerFactory handlers(int maxEvents) {
    return RetriedIoUring.factory();
  }

  @Override
  public Class<? extends IoHandler> handlerType() {
    return IoUringIoHandler.class;
  }

  @Override
  public SocketChannel newSocket() {
    return new IoUringSocketChannel();
  }

  @Override
  public ServerSocketChannel newServerSocket() {
    return new IoUringServerSocketChannel();
  }

  @Override
  public long quietNanos() {
    return TimeUnit.MILLISECONDS.toNanos(5);
  }

  /**
   * A turn only queues what the kernel has to do; it does that when it is asked for more. Measured
   * with 4,500 of them on two cores, p99 of another: median 29 ms with 0.4 ms (nine runs), 22 ms
   * with this (seven, later).
   */
  @Override
  public long heavyNanos() {
    return TimeUnit.MICROSECONDS.toNanos(150);
  }

  @Override
  public boolean acceptsOnItsOwn() {
    return true;
  }

  /**
   * A send and a receive can both be with the kernel when a reset comes. The send then takes the
   * error, and the receive, whose result may be the first to arrive, finds the end of the stream.
   * That the connection has failed is certain then; if the peer had ended its output before, the
   * reader is told of the failure and not of that end.
   */
  @Override
  public boolean wasReset(DuplexChannel channel) {
    return channel instanceof IoUringSocketChannel tcp && tcp.tcpInfo().state() == TCP_CLOSE;
  }

  @Override
  public void reusePort(ServerSocketChannel listener) {
    listener.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  @Override
  public DuplexChannel newUnixSocket() {
    return new IoUringDomainSocketChannel();
  }

  @Override
  public ServerChannel newUnixServerSocket() {
    return new IoUringServerDomainSocketChannel();
  }

  @Override
  public SocketAddress unixAddress(Path path) {
    return new DomainSocketAddress(path.toString());
  }

  @Override
  public DatagramChannel newDatagramSocket(boolean ipv6) {
    return new IoUringDatagramChannel(
        ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
  }

  @Override
  public boolean receivesOnDemand() {
    return true;
  }

  @Override
  public boolean sendsEmpty() {
    return true;
  }

  @Override
  public void reusePort(DatagramChannel channel) {
    channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  @Override
  public void timeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    DatagramOptions.timeToLive(channel, ipv6, hops);
  }

  @Override
  public void multicastTimeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    DatagramOptions.multicastTimeToLive(channel, ipv6, hops);
  }

  @Override
  public void multicastLoopback(DatagramChannel channel, boolean ipv6, boolean on) {
    DatagramOptions.multicastLoopback(channel, ipv6, on);
  }

  @Override
  public long dropped(DatagramChannel channel) {
    return DatagramOptions.dropped(channel);
  }
}
