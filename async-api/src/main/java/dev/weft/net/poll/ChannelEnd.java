package dev.weft.net.poll;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;

/** How the kernel is to end a connection: by a reset, unless it was said that it ends in order. */
public final class ChannelEnd {
  private ChannelEnd() {}

  /**
   * The same channel as a wider type. By a method here, for the classes that users load: without
   * Netty the verifier could not tell that the one is the other, and refuse the class.
   */
  public static DuplexChannel duplex(SocketChannel channel) {
    return channel;
  }

  /**
   * Has the kernel reset a connection whenever and however its channel is closed: by an error, with
   * its executor, or with the process. A peer that has got a part is not to take it for the whole.
   * Only {@link #closeInOrder} ends it otherwise.
   */
  public static void resetUnlessInOrder(DuplexChannel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
  }

  /**
   * Closes a channel whose output has been sent: the peer sees the end. On its loop.
   *
   * <p>Not if it has been closed for another reason meanwhile, by a write that has failed, say.
   * That is to reset it, which io_uring does a little later; and the native transports set an
   * option by the descriptor's number, without looking: it may be that of another connection by
   * now, which would then end in order whatever happens to it.
   */
  public static void closeInOrder(DuplexChannel channel) {
    if (!isClosing(channel)) {
      try {
        channel.config().setOption(ChannelOption.SO_LINGER, -1);
      } catch (ChannelException closed) {
        // or about to be, for a reason of the kernel's
      }
    }
    channel.close();
  }

  /**
   * Closes a channel by a reset, past whatever handler would say goodbye first: a TLS peer that is
   * told of the end takes what it has got for the whole. On its loop.
   */
  public static void abort(DuplexChannel channel) {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  /** There is an outbound buffer until it is closed, or its output shut down. */
  private static boolean isClosing(DuplexChannel channel) {
    return !channel.isOpen()
        || (channel.unsafe().outboundBuffer() == null && !channel.isOutputShutdown());
  }
}
