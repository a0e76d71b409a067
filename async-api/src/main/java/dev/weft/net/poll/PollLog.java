package dev.weft.net.poll;

import dev.weft.log.LimitedLog;
import io.netty.channel.Channel;
import org.slf4j.LoggerFactory;

/**
 * What is logged on the threads that run I/O. Peers can cause most of it, as often as they like, so
 * each kind of line is written once a second at most and says how many were left out; and it is
 * written by another thread. Under the name of the listener, as all that is said of sockets.
 */
public final class PollLog {
  private static final LimitedLog LOG =
      LimitedLog.of(LoggerFactory.getLogger("dev.weft.net.TcpListener"));

  private PollLog() {}

  static void channelFailed(Throwable error) {
    LOG.error("Handling the I/O of a connection failed, and closed it", error);
  }

  static void ringRefused(Throwable error) {
    LOG.warn("The kernel takes nothing into the ring of io_uring now: {}", error.getMessage());
  }

  /** What was written to a connection could not be sent, as this library has a bug. */
  public static void flushFailed(Throwable error) {
    LOG.error("Flushing a connection failed", error);
  }

  /** A channel is left as it is at the end of its loop. */
  public static void cannotClose(Channel channel, Throwable error) {
    LOG.error("{} could not be closed", channel, error);
  }
}
