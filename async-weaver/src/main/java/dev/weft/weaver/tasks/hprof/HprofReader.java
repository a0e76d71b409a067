package dev.weft.weaver.tasks.hprof;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a heap dump from its beginning to its end. */
final class HprofReader {
  /** Guessed. What is skipped is read along, unless it is longer. */
  private static final int BUFFER = 1 << 20;

  private final HprofFile file;
  private final ByteBuffer buffer;

  /** The offset of the buffer's first byte. */
  private long start;

  HprofReader(HprofFile file) {
    this.file = file;
    this.buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, file.length()));
    seek(file.firstRecord());
  }

  long position() {
    return start + buffer.position();
  }

  private void seek(long offset) {
    start = offset;
    buffer.clear().limit(0);
  }

  /** Skips bytes, which the file has to have. */
  void skip(long bytes) throws IOException {
    if (bytes <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) bytes);
      return;
    }
    long to = position() + bytes;
    if (to > file.length()) {
      throw endsHere();
    }
    seek(to);
  }

  private void need(int bytes) throws IOException {
    if (buffer.remaining() >= bytes) {
      return;
    }
    long from = position();
    buffer.compact();
    while (buffer.position() < bytes) {
      if (file.read(buffer, from + buffer.position()) < 0) {
        throw endsHere();
      }
    }
    buffer.flip();
    start = from;
  }

  private HprofException endsHere() {
    return HprofException.at(file.name(), file.length(), "the file ends here, and is not whole");
  }

  int u1() throws IOException {
    need(1);
    return buffer.get() & 0xff;
  }

  int u2() throws IOException {
    need(2);
    return buffer.getShort() & 0xffff;
  }

  int s4() throws IOException {
    need(Integer.BYTES);
    return buffer.getInt();
  }

  long u4() throws IOException {
    return s4() & 0xffff_ffffL;
  }

  long id() throws IOException {
    if (file.idSize() == Integer.BYTES) {
      return u4();
    }
    need(Long.BYTES);
    return buffer.getLong();
  }
}
