package dev.weft.weaver.tasks.heap;

import java.util.Arrays;

/** Objects by another object that each of them belongs to. 8 bytes for each. */
final class Groups {
  private long[] pairs = new long[16];
  private int size;
  private boolean sorted = true;

  void add(int group, int member) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, size * 2);
    }
    pairs[size++] = (long) group << 32 | member;
    sorted = false;
  }

  /** The members of a group, in their own order. */
  int[] of(int group) {
    if (!sorted) {
      Arrays.sort(pairs, 0, size);
      sorted = true;
    }
    int from = firstOf(group);
    int to = firstOf(group + 1);
    int[] members = new int[to - from];
    for (int i = from; i < to; i++) {
      members[i - from] = (int) pairs[i];
    }
    return members;
  }

  private int firstOf(int group) {
    int at = Arrays.binarySearch(pairs, 0, size, (long) group << 32);
    return at < 0 ? -at - 1 : at;
  }
}
