package dev.weft.net.memory;

import java.util.Arrays;

/**
 * Which parts of some chunks of memory are free: Knowlton's buddy system (CACM 8(10), 1965). A
 * chunk is halved until a part has the size that is asked for, and two halves that are both free
 * become one again. Chosen because of one property: as long as as many bytes are free as the
 * smallest part has, one can be had, however the larger parts lie. What a connection was promised
 * cannot be lost to fragmentation.
 *
 * <p>A block is named by the number of its first leaf, counted through all chunks. Knows no memory,
 * only numbers. Not thread-safe.
 */
final class BuddyBlocks {
  /** A block of order n has 2^n leaves. A chunk is one of the greatest. */
  static final int ORDERS = 10;

  static final int LEAVES = 1 << (ORDERS - 1);

  private static final int NONE = -1;

  /** For the first leaf of a free block, its order and one; else 0. */
  private byte[] free = new byte[0];

  // The free blocks of each order, doubly linked.
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private final int[] heads = new int[ORDERS];

  private int freeLeaves;

  BuddyBlocks() {
    Arrays.fill(heads, NONE);
  }

  /** Adds a chunk, which is free. Its number is the caller's, and not in use. */
  void add(int chunk) {
    int end = (chunk + 1) * LEAVES;
    if (end > free.length) {
      int length = Math.max(end, 2 * free.length);
      free = Arrays.copyOf(free, length);
      next = Arrays.copyOf(next, length);
      previous = Arrays.copyOf(previous, length);
    }
    freeLeaves += LEAVES;
    link(chunk * LEAVES, ORDERS - 1);
  }

  /** Takes a chunk away if the whole of it is free. */
  boolean remove(int chunk) {
    int block = chunk * LEAVES;
    if (free[block] != ORDERS) {
      return false;
    }
    unlink(block, ORDERS - 1);
    freeLeaves -= LEAVES;
    return true;
  }

  /** How many leaves are free. */
  int freeLeaves() {
    return freeLeaves;
  }

  /** A block of this order, or -1 if there is none. */
  int take(int order) {
    int found = order;
    while (found < ORDERS && heads[found] == NONE) {
      found++;
    }
    if (found == ORDERS) {
      return NONE;
    }
    int block = heads[found];
    unlink(block, found);
    while (found > order) {
      found--;
      link(block + (1 << found), found);
    }
    freeLeaves -= 1 << order;
    return block;
  }

  /** Gives a block back. */
  void give(int block, int order) {
    freeLeaves += 1 << order;
    int merged = block;
    int size = order;
    while (size < ORDERS - 1 && free[merged ^ (1 << size)] == size + 1) {
      unlink(merged ^ (1 << size), size);
      merged &= -(2 << size);
      size++;
    }
    link(merged, size);
  }

  private void link(int block, int order) {
    int head = heads[order];
    free[block] = (byte) (order + 1);
    next[block] = head;
    previous[block] = NONE;
    if (head != NONE) {
      previous[head] = block;
    }
    heads[order] = block;
  }

  private void unlink(int block, int order) {
    free[block] = 0;
    if (previous[block] == NONE) {
      heads[order] = next[block];
    } else {
      next[previous[block]] = next[block];
    }
    if (next[block] != NONE) {
      previous[next[block]] = previous[block];
    }
  }
}
