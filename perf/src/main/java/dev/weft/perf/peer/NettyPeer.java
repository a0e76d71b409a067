package dev.weft.perf.peer;

import dev.weft.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Netty alone: handlers on its event loops. With a pool, the handlers run on threads of their own
 * ({@link DefaultEventExecutorGroup}, which keeps each connection's order): the design that one
 * arrives at when nothing may block an event loop.
 */
final class NettyPeer {
  private NettyPeer() {}

  /**
   * Starts it, and returns its port. A pool of 0 threads is none; a frame size of 0 stands for the
   * plain protocol.
   */
  static int start(int loops, Transport transport, int poolThreads, int frame)
      throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, handlers(transport));
    DefaultEventExecutorGroup pool =
        poolThreads == 0 ? null : new DefaultEventExecutorGroup(poolThreads);
    ExecutorService elsewhere = Executors.newCachedThreadPool();
    Channel listener =
        new ServerBootstrap()
            .group(group)
            .channel(serverChannel(transport))
            .option(ChannelOption.SO_BACKLOG, PeerMain.BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  @SuppressWarnings("deprecation") // of a handler's own executor; the idiom it was
                  protected void initChannel(Channel channel) {
                    ChannelHandler handler = frame == 0 ? new Echo() : new Framed(frame, elsewhere);
                    channel.pipeline().addLast(pool, handler);
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private static Transport chosen(Transport transport) {
    return transport != Transport.AUTO
        ? transport
        : Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO;
  }

  private static IoHandlerFactory handlers(Transport transport) {
    return switch (chosen(transport)) {
      case EPOLL -> EpollIoHandler.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      default -> NioIoHandler.newFactory();
    };
  }

  private static Class<? extends ServerChannel> serverChannel(Transport transport) {
    return switch (chosen(transport)) {
      case EPOLL -> EpollServerSocketChannel.class;
      case IO_URING -> IoUringServerSocketChannel.class;
      default -> NioServerSocketChannel.class;
    };
  }

  /**
   * Writes back what it reads, flushes once per batch, and does not read while the client is slow.
   */
  private static class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      context.close(); // the client sees it too
    }
  }

  private static final class Framed extends Echo {
    private final Frames frames;
    private final ExecutorService elsewhere;
    private @Nullable ByteBuf burning;

    Framed(int size, ExecutorService elsewhere) {
      this.frames = new Frames(size);
      this.elsewhere = elsewhere;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      frames.add((ByteBuf) message);
      work(context);
    }

    private void work(ChannelHandlerContext context) {
      while (burning == null) {
        ByteBuf frame = frames.next();
        if (frame == null) {
          return;
        }
        int micros = Frames.micros(frame);
        switch (Frames.command(frame)) {
          case Burn.ELSEWHERE -> burnElsewhere(context, frame, micros);
          case Burn.INLINE -> {
            Burn.micros(micros);
            context.write(frame);
          }
          default -> context.write(frame);
        }
      }
    }

    private void burnElsewhere(ChannelHandlerContext context, ByteBuf frame, int micros) {
      burning = frame;
      elsewhere.execute(
          () -> {
            Burn.micros(micros);
            context.executor().execute(() -> burnt(context, frame));
          });
    }

    private void burnt(ChannelHandlerContext context, ByteBuf frame) {
      burning = null;
      context.write(frame);
      work(context);
      context.flush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      frames.release();
    }
  }
}
