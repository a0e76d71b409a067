package dev.weft.perf.trial;

/**
 * An endless stream of bytes, another one for each seed, that can be entered anywhere: what one
 * connection sends, and therefore expects back.
 */
record Payload(long seed) {
  /** As in SplitMix64, whose output function this is: each 8 bytes are the hash of their number. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  byte at(long position) {
    return (byte) (word(position >>> 3) >>> (8 * (int) (position & 7)));
  }

  private long word(long index) {
    long z = (seed ^ 0x2545f4914f6cdd1dL) * GAMMA + (index + 1) * GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The bytes from a position on. */
  byte[] bytes(long position, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(position + i);
    }
    return bytes;
  }

  /** The index of the first of these bytes that is not the stream's from there on; -1 if none. */
  int mismatch(long position, byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != at(position + i)) {
        return i;
      }
    }
    return -1;
  }
}
