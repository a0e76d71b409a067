package dev.weft.net.poll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.nio.file.Path;
import java.net.SocketAddress;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.ServerChannel;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;

/** Linux epoll, through Netty's native library. */
final class EpollBackend extends Backend {
  static final Backend INSTANCE = new EpollBackend();

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
}
