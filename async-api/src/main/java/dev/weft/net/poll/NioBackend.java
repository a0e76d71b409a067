package dev.weft.net.poll;

import io.netty.channel.ChannelException;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/** The JDK's selectors. */
final class NioBackend extends Backend {
  static final Backend INSTANCE = new NioBackend();

  /** Of a channel for datagrams: Netty does not show it. */
  private static final AttributeKey<java.nio.channels.DatagramChannel> SOCKET =
      AttributeKey.newInstance("dev.weft.net.poll.NioBackend.SOCKET");

  private NioBackend() {
    super("nio");
  }

  @Override
  public IoHandlerFactory handlers(int maxEvents) {
    return NioIoHandler.newFactory();
  }

  @Override
  public Class<? extends IoHandler> handlerType() {
    return NioIoHandler.class;
  }

  @Override
  public SocketChannel newSocket() {
    return new RetriedNio.Socket();
  }

  @Override
  public ServerSocketChannel newServerSocket() {
    return new RetriedNio.ServerSocket();
  }

  @Override
  public boolean endsByNothing() {
    return true;
  }

  /** Reads, whether the selector has said so or not. The JDK's own shutdown would drop input. */
  @Override
  public void cutInput(DuplexChannel channel) {
    if (channel.config().isAutoRead()) {
      readLate(channel);
    }
  }

  @Override
  public void readOn(DuplexChannel channel, Executor loop) {
    loop.execute(() -> cutInput(channel));
  }

  @Override
  public void readLate(DuplexChannel channel) {
    ((AbstractNioChannel.NioUnsafe) channel.unsafe()).read();
  }

  @Override
  public void acceptTheRest(ServerSocketChannel listener) {
    ((AbstractNioChannel.NioUnsafe) listener.unsafe()).read();
  }

  @Override
  public void reusePort(ServerSocketChannel listener) {
    if (!listener
        .config()
        .setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true)) {
      throw new UnsupportedOperationException("reusePort: this system has no SO_REUSEPORT");
    }
  }

  @Override
  public DuplexChannel newUnixSocket() {
    return new NioDomainSocketChannel();
  }

  @Override
  public ServerChannel newUnixServerSocket() {
    return new NioServerDomainSocketChannel();
  }

  @Override
  public SocketAddress unixAddress(Path path) {
    return UnixDomainSocketAddress.of(path);
  }

  @Override
  public DatagramChannel newDatagramSocket(boolean ipv6) {
    java.nio.channels.DatagramChannel socket;
    try {
      socket =
          java.nio.channels.DatagramChannel.open(
              ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    } catch (IOException e) {
      throw new ChannelException("Failed to open a socket", e);
    }
    DatagramChannel channel = new NioDatagramChannel(socket);
    channel.attr(SOCKET).set(socket);
    return channel;
  }

  /** The JDK takes nothing to write for nothing to do. */
  @Override
  public boolean sendsEmptyToPeer() {
    return false;
  }

  @Override
  public void sendEmpty(DatagramChannel channel, InetSocketAddress recipient) throws IOException {
    channel.attr(SOCKET).get().send(ByteBuffer.allocate(0), recipient);
  }

  @Override
  public void reusePort(DatagramChannel channel) {
    if (!channel
        .config()
        .setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true)) {
      throw new UnsupportedOperationException("reusePort: this system has no SO_REUSEPORT");
    }
  }

  @Override
  public void timeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    throw new UnsupportedOperationException(
        "timeToLive: the JDK's sockets have no such option; a native transport has");
  }

  @Override
  public void multicastTimeToLive(DatagramChannel channel, boolean ipv6, int hops) {
    set(channel, StandardSocketOptions.IP_MULTICAST_TTL, hops);
  }

  /** Not Netty's option, which means the opposite here. */
  @Override
  public void multicastLoopback(DatagramChannel channel, boolean ipv6, boolean on) {
    set(channel, StandardSocketOptions.IP_MULTICAST_LOOP, on);
  }

  private static <T> void set(DatagramChannel channel, SocketOption<T> option, T value) {
    try {
      channel.attr(SOCKET).get().setOption(option, value);
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }
}
