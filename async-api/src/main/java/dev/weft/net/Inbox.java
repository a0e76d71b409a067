package dev.weft.net;

import dev.weft.handoff.HandOff;
import io.netty.util.ReferenceCountUtil;

/**
 * What a connection has received and nobody has read yet: buffers, or what the codecs of a {@link
 * FramedStream} have made of them. Filled eagerly, so that a task which reads finds its input here
 * more often than not, and so that the loop's interest in the socket is switched off and on (a
 * system call each) only when the inbox has run full.
 */
final class Inbox extends HandOff<Object> {
  private final ByteStream stream;

  Inbox(ByteStream stream, int limit) {
    super(limit);
    this.stream = stream;
  }

  /** The memory that it takes, not the bytes in it: a peer may send a byte at a time. */
  @Override
  protected int weigh(Object message) {
    return CapacityEstimator.weigh(message);
  }

  @Override
  protected void discard(Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  protected void onFullChanged() {
    stream.intake().updateInterest();
  }

  @Override
  protected void onWaiting() {
    stream.onReadWaiting();
  }

  @Override
  protected String wanted() {
    return "a read from " + stream;
  }

  @Override
  protected String busy() {
    return stream
        + ": read() while another read of the same stream is waiting; await that one first";
  }

  /** Whose it is, for messages. */
  String name() {
    return stream.toString();
  }
}
