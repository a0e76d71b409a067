package dev.weft.net.poll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Linux epoll, through Netty's native library. */
final class EpollBackend extends Backend {
  static final Backend INSTANCE = new EpollBackend();

  /** Not of no capacity, as native code takes its address. */
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(1);

  private EpollBackend() {
    super("epoll");
  }

  /** An IPv6 address with its scope, a port and a length, as Netty's native code writes it. */
  private static final int ADDRESS_BYTES = 25;

  @Override
  public IoHandlerFactory handlers(int maxEvents) {
    return RearmedEpoll.factory(maxEvents);
  }

  @Override
  public Class<? extends IoHandler> handlerType() {
    return EpollIoHandler.class;
  }

  @Override
  public SocketChannel newSocket() {
    return new EpollSocketChannel();
  }

  @Override
  public ServerSocketChannel newServerSocket() {
    return new EpollServerSocketChannel();
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  /** {@inheritDoc} By its address, where it has one: without {@code Unsafe} from JDK 22 on. */
  @Override
  public int sendNow(DuplexChannel channel, ByteBuf buf) throws IOException {
    if (buf.hasMemoryAddress()) {
      return socket(channel).sendAddress(buf.memoryAddress(), buf.readerIndex(), buf.writerIndex());
    }
    ByteBuffer bytes = buf.internalNioBuffer(buf.readerIndex(), buf.readableBytes());
    return socket(channel).send(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public int receiveNow(DuplexChannel channel, ByteBuf buf) throws IOException {
    if (buf.hasMemoryAddress()) {
      return socket(channel).recvAddress(buf.memoryAddress(), buf.writerIndex(), buf.capacity());
    }
    ByteBuffer room = buf.internalNioBuffer(buf.writerIndex(), buf.writableBytes());
    return socket(channel).recv(room, room.position(), room.limit());
  }

  private static Socket socket(DuplexChannel channel) {
    return (Socket) ((UnixChannel) channel).fd();
  }

  /** Its read loop goes on to the end of the stream once the peer has hung up, full or not. */
  @Override
  public boolean readsOnAfterHangUp() {
    return true;
  }

  /** By itself, as Netty accepts only when it is told that there is something. */
  @Override
  public void acceptTheRest(ServerSocketChannel listener) {
    Socket socket = (Socket) ((UnixChannel) listener).fd();
    byte[] address = new byte[ADDRESS_BYTES];
    try {
      for (int accepted; (accepted = socket.accept(address)) != -1; ) {
        listener.pipeline().fireChannelRead(new EpollSocketChannel(accepted));
      }
    } catch (IOException noMore) {
      // no descriptor for it, say: the kernel resets those that are left
    }
  }

  @Override
  public void reusePort(ServerSocketChannel listener) {
    listener.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  @Override
  public DuplexChannel newUnixSocket() {
    return new EpollDomainSocketChannel();
  }

  @Override
  public ServerChannel newUnixServerSocket() {
    return new EpollServerDomainSocketChannel();
  }

  @Override
  public SocketAddress unixAddress(Path path) {
    return new DomainSocketAddress(path.toString());
  }

  @Override
  public DatagramChannel newDatagramSocket(boolean ipv6) {
    return new EpollDatagramChannel(ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
  }

  @Override
  public int receiveBatch() {
    return 64;
  }

  /** With {@code recvmmsg}, also of a connected socket, as without it Netty drops empty ones. */
  @Override
  public void receiveSize(DatagramChannel channel, int bytes) {
    channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, bytes);
  }

  @Override
  public void sendEmpty(DatagramChannel channel, InetSocketAddress recipient) throws IOException {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    socket.sendTo(NOTHING, 0, 0, recipient.getAddress(), recipient.getPort());
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
