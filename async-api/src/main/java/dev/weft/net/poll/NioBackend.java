package dev.weft.net.poll;
import java.net.UnixDomainSocketAddress;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.nio.file.Path;
import java.net.SocketAddress;
import io.netty.channel.ServerChannel;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.net.StandardSocketOptions;
import java.util.concurrent.Executor;

/** The JDK's selectors. */
final class NioBackend extends Backend {
  static final Backend INSTANCE = new NioBackend();

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
}
