package dev.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts what is waiting to be sent by the memory it takes, not by the bytes in it: an echo of
 * single bytes would otherwise hold two kilobytes for each byte that the limit sees.
 */
final class CapacityEstimator implements MessageSizeEstimator, MessageSizeEstimator.Handle {
  static final CapacityEstimator INSTANCE = new CapacityEstimator();

  /** Bytes of a message of which nothing is known. Guessed. */
  private static final int MESSAGE = 256;

  private CapacityEstimator() {}

  @Override
  public Handle newHandle() {
    return this;
  }

  @Override
  public int size(Object message) {
    if (message instanceof ByteBuf buf) {
      return Math.max(MESSAGE, buf.capacity()); // an empty frame takes memory, too
    }
    return message instanceof ByteBufHolder datagram ? datagram.content().capacity() : 0;
  }

  /** The same of what is not encoded yet, or was decoded. */
  static int weigh(Object message) {
    if (message instanceof ByteBuf buf) {
      return Math.max(MESSAGE, buf.capacity()); // an empty frame takes memory, too
    }
    return message instanceof ByteBufHolder holder
        ? MESSAGE + holder.content().capacity()
        : MESSAGE;
  }
}
