package dev.weft.net;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.net.StandardSocketOptions;

/** Makes the channels of each {@link Transport}, apart from it: see {@link NettyRequirement}. */
final class NettyChannels {
  /** An IPv6 address with its scope, a port and a length, as Netty's native code writes it. */
  private static final int ADDRESS_BYTES = 25;

  private NettyChannels() {}

  static SocketChannel nioSocket() {
    return new RetriedNio.Socket();
  }

  static ServerSocketChannel nioServerSocket() {
    return new RetriedNio.ServerSocket();
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

  /**
   * Has the kernel reset a connection whenever and however its channel is closed: by an error, with
   * its executor, or with the process. A peer that has got a part is not to take it for the whole.
   * Only {@link #closeInOrder} ends it otherwise.
   */
  static void resetUnlessInOrder(SocketChannel channel) {
    channel.config().setSoLinger(0);
  }

  /**
   * Closes a channel whose output has been sent: the peer sees the end. On its loop.
   *
   * <p>Not if it has been closed for another reason meanwhile, by a write that has failed, say.
   * That is to reset it, which io_uring does a little later; and the native transports set an
   * option by the descriptor's number, without looking: it may be that of another connection by
   * now, which would then end in order whatever happens to it.
   */
  static void closeInOrder(SocketChannel channel) {
    if (!isClosing(channel)) {
      try {
        channel.config().setSoLinger(-1);
      } catch (ChannelException closed) {
        // or about to be, for a reason of the kernel's
      }
    }
    channel.close();
  }

  /** There is an outbound buffer until it is closed, or its output shut down. */
  private static boolean isClosing(SocketChannel channel) {
    return !channel.isOpen()
        || (channel.unsafe().outboundBuffer() == null && !channel.isOutputShutdown());
  }

  /**
   * Has the input end after what the kernel has received: on Linux a socket whose input is shut
   * down still hands that out. It wakes who waits for input.
   */
  static void shutDownInput(SocketChannel channel) {
    channel.shutdownInput();
  }

  /** Reads, whether the selector has said so or not. The JDK's own shutdown would drop input. */
  static void readNow(SocketChannel channel) {
    ((AbstractNioChannel.NioUnsafe) channel.unsafe()).read();
  }

  /** Accepts some, if there are any. */
  static void acceptNow(ServerSocketChannel listener) {
    ((AbstractNioChannel.NioUnsafe) listener.unsafe()).read();
  }

  /** The same for epoll, where Netty accepts only when it is told that there is something. */
  static void acceptTheRest(ServerSocketChannel listener) {
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

  /** Of native transports. */
  static void reusePort(ServerSocketChannel listener) {
    listener.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
  }

  /** The JDK's. */
  static void reusePortOfNio(ServerSocketChannel listener) {
    if (!listener
        .config()
        .setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true)) {
      throw new UnsupportedOperationException("reusePort: this system has no SO_REUSEPORT");
    }
  }
}
