package dev.weft.weaver.tasks.hprof;

import java.util.ArrayList;
import java.util.List;

/** Longs one after the other, in chunks: growing copies none of them. */
final class LongList {
  private static final int SHIFT = 14;
  private static final int CHUNK = 1 << SHIFT;

  private final List<long[]> chunks = new ArrayList<>();
  private int size;

  void add(long value) {
    if ((size & (CHUNK - 1)) == 0) {
      chunks.add(new long[CHUNK]);
    }
    chunks.get(size >> SHIFT)[size & (CHUNK - 1)] = value;
    size++;
  }

  long get(int index) {
    return chunks.get(index >> SHIFT)[index & (CHUNK - 1)];
  }

  void set(int index, long value) {
    chunks.get(index >> SHIFT)[index & (CHUNK - 1)] = value;
  }

  int size() {
    return size;
  }
}
