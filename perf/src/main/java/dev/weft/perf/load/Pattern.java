package dev.weft.perf.load;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The bytes that are sent, and therefore expected back. Each connection's stream is the same random
 * ring of bytes, entered at a place of its own. The ring's length is a prime, so messages of any
 * usual size never line up with it: a reply that is lost, repeated, out of order or another
 * connection's has bytes other than those expected.
 *
 * <p>Used by one thread at a time per instance; {@link #copy} for another one.
 */
final class Pattern {
  /** The largest prime below 2^16. */
  static final int RING = 65_521;

  /** The longest piece that is compared or copied at a time. */
  static final int PIECE = 1 << 16;

  private final ByteBuffer bytes;

  Pattern() {
    byte[] ring = new byte[RING];
    new Random(1).nextBytes(ring); // the same each time: a run can be repeated to the byte
    bytes = ByteBuffer.allocateDirect(RING + PIECE);
    for (int i = 0; i < RING + PIECE; i++) {
      bytes.put(i, ring[i % RING]);
    }
  }

  private Pattern(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  Pattern copy() {
    return new Pattern(bytes.duplicate());
  }

  /** Appends the stream's bytes from {@code offset} on. At most {@link #PIECE} of them. */
  void put(long offset, int length, ByteBuffer out) {
    out.put(at(offset, length));
  }

  /**
   * The index, from the buffer's position, of the first byte that is not the stream's from {@code
   * offset} on; -1 if all are. The buffer has at most {@link #PIECE} bytes and is not moved.
   */
  int mismatch(long offset, ByteBuffer in) {
    return in.mismatch(at(offset, in.remaining()));
  }

  private ByteBuffer at(long offset, int length) {
    int start = (int) (offset % RING);
    return bytes.limit(start + length).position(start);
  }
}
