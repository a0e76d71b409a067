package dev.weft.net.poll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Netty's NIO channels, with two things put right: a read that a signal has interrupted is not the
 * end of the stream (the JDK returns -3 for it, and Netty 4.2.18 takes whatever is negative for the
 * end), and the descriptor of an accepted connection is closed if there is no memory for its
 * channel.
 */
final class RetriedNio {
  private RetriedNio() {}

  /** A connection. */
  static final class Socket extends NioSocketChannel {
    Socket() {}

    private Socket(Channel parent, SocketChannel accepted) {
      super(parent, accepted);
    }

    @Override
    protected int doReadBytes(ByteBuf buf) throws Exception {
      int read;
      do {
        read = super.doReadBytes(buf);
      } while (read < -1); // and not "nothing", which would end an input that is being cut
      return read;
    }
  }

  /** A listening socket. */
  static final class ServerSocket extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> messages) throws Exception {
      SocketChannel accepted = javaChannel().accept();
      if (accepted == null) {
        return 0;
      }
      try {
        messages.add(new Socket(this, accepted));
        return 1;
      } catch (Throwable noChannel) {
        accepted.close();
        throw noChannel;
      }
    }
  }
}
