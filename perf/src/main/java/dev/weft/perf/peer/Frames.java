package dev.weft.perf.peer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of buffers into frames of one size. Buffers that hold whole frames are cut without
 * copying. One connection's; used by one thread at a time.
 */
final class Frames {
  private final int size;
  private @Nullable ByteBuf bytes;

  Frames(int size) {
    this.size = size;
  }

  /** Takes the buffer over. */
  void add(ByteBuf buffer) {
    if (bytes == null) {
      bytes = buffer;
      return;
    }
    ByteBuf joined = buffer.alloc().buffer(bytes.readableBytes() + buffer.readableBytes());
    joined.writeBytes(bytes).writeBytes(buffer);
    bytes.release();
    buffer.release();
    bytes = joined;
  }

  /** The next whole frame, which the caller takes over; null if there is none yet. */
  @Nullable ByteBuf next() {
    ByteBuf all = bytes;
    if (all == null || all.readableBytes() < size) {
      return null;
    }
    if (all.readableBytes() == size) {
      bytes = null;
      return all;
    }
    return all.readRetainedSlice(size);
  }

  /** Releases what is left. */
  void release() {
    if (bytes != null) {
      bytes.release();
      bytes = null;
    }
  }

  static int command(ByteBuf frame) {
    return frame.getByte(frame.readerIndex());
  }

  static int micros(ByteBuf frame) {
    return frame.getInt(frame.readerIndex() + 1);
  }
}
