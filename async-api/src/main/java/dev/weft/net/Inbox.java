package dev.weft.net;

import dev.weft.handoff.HandOff;
import io.netty.buffer.ByteBuf;

/**
 * What a connection has received and nobody has read yet. Filled eagerly, so that a task which
 * reads finds its input here more often than not, and so that the loop's interest in the socket is
 * switched off and on (a system call each) only when the inbox has run full.
 */
final class Inbox extends HandOff<ByteBuf> {
  private final TcpStream stream;

  Inbox(TcpStream stream, int limit) {
    super(limit);
    this.stream = stream;
  }

  /** The memory that the buffer takes, not the bytes in it: a peer may send a byte at a time. */
  @Override
  protected int weigh(ByteBuf buf) {
    return buf.capacity();
  }

  @Override
  protected void discard(ByteBuf buf) {
    buf.release();
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
  protected String busy() {
    return stream
        + ": read() while another read of the same stream is waiting; await that one first";
  }
}
