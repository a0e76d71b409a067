package dev.weft.net.poll;

import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.ServerSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * How many connections a listening socket accepts in a poll: as many as took a millisecond the last
 * time. Netty's 16 take that long once the code is compiled, and ten times as long in a server that
 * has just been started, where those that are connected already would wait for each other's
 * arrival. The kernel keeps the rest and tells of them in the next poll.
 *
 * <p>Confined to the loop.
 */
public final class AcceptPace {
  /** As many as Netty accepts in a poll with epoll and NIO. */
  static final int MOST = 16;

  /** For how long connections are accepted in a poll. Guessed. */
  static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ServerChannelRecvByteBufAllocator limit = new ServerChannelRecvByteBufAllocator();
  private long start;
  private int accepted;

  /** Half of Netty's, at first: the code is cold. */
  public AcceptPace() {
    limit.maxMessagesPerRead(MOST / 2);
  }

  /** Has a listening socket, which is not registered yet, accept at this pace. */
  public void keep(ServerSocketChannel listener) {
    listener.config().setRecvByteBufAllocator(limit);
  }

  /** One is about to be taken in. */
  public void begin(long now) {
    if (accepted++ == 0) {
      start = now;
    }
  }

  /** All of the poll have been. */
  public void end(long now) {
    if (accepted > 0) {
      long each = Math.max((now - start) / accepted, 1);
      limit.maxMessagesPerRead((int) Math.max(1, Math.min(NANOS / each, MOST)));
      accepted = 0;
    }
  }
}
