package dev.weft.net.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What closing a channel in order must leave alone. */
class CloseInOrderTest {
  @Test
  void anotherConnectionThatHasTheDescriptorNowIsStillReset() throws Exception {
    assumeTrue(Epoll.isAvailable());
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      EpollSocketChannel closed = new EpollSocketChannel();
      group.register(closed).sync();
      Integer linger = closed.eventLoop().submit(() -> lingerOfNext(closed)).get();
      assumeTrue(linger != null);
      assertThat(linger).isZero();
    } finally {
      group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
    }
  }

  /** On the loop, where nothing comes between; null if another thread has taken the descriptor. */
  private static @Nullable Integer lingerOfNext(EpollSocketChannel closed) {
    int descriptor = closed.fd().intValue();
    closed.close();
    EpollSocketChannel next = new EpollSocketChannel();
    try {
      if (next.fd().intValue() != descriptor) {
        return null;
      }
      ChannelEnd.resetUnlessInOrder(next);
      ChannelEnd.closeInOrder(closed);
      return next.config().getSoLinger();
    } finally {
      next.unsafe().closeForcibly();
    }
  }
}
