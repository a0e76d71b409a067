package dev.weft.net;

import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** Makes the channels of each {@link Transport}, apart from it: see {@link NettyRequirement}. */
final class NettyChannels {
  private NettyChannels() {}

  static SocketChannel nioSocket() {
    return new NioSocketChannel();
  }

  static ServerSocketChannel nioServerSocket() {
    return new NioServerSocketChannel();
  }

  static SocketChannel epollSocket() {
    return new EpollSocketChannel();
  }

  static ServerSocketChannel epollServerSocket() {
    return new EpollServerSocketChannel();
  }

  static SocketChannel ioUringSocket() {
    return new IoUringSocketChannel();
  }

  static ServerSocketChannel ioUringServerSocket() {
    return new IoUringServerSocketChannel();
  }
}
