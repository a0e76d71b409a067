package dev.weft.net.memory;

import java.util.Arrays;

/**
 * Which parts of some chunks of memory are free: Knowlton's buddy system (CACM 8(10), 1965). A
 * chunk is halved until a part has the size that is asked for, and two halves that are both free
 * become one again. Chosen because of one property: as long as as many bytes are free as the
 * smallest part has, one can be had, however the larger parts lie. What a connection was promised
 * cannot be lost to fragmentation.
 *
 * <p>The last few blocks of each order that were given back stay as they are, and are the first to
 * be taken again: else nearly each message would have a chunk halved again and again and put
 * together again. They become parts of larger ones when somebody needs those.
 *
 * <p>A block is named by the number of its first leaf, counted through all chunks. Knows no memory,
 * only numbers. Not thread-safe.
 */
final class BuddyBlocks {
  /** A block of order n has 2^n leaves. A chunk is one of the greatest. */
  static final int ORDERS = 10;

  static final int LEAVES = 1 << (ORDERS - 1);

  private static final int NONE = -1;

  /** How many blocks of one order stay as they are. A power of two; as many as a round reads. */
  private static final int KEPT = 32;

  /** For the first leaf of a free block, its order and one; else 0. */
  private byte[] free = new byte[0];

  // The free blocks of each order, doubly linked.
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private final int[] heads = new int[ORDERS];

  // The blocks that stay as they are: free, and in no list. A ring for each order: how many were
  // ever pushed less those popped, and how many of them are there.
  private final int[][] kept = new int[ORDERS][KEPT];
  private final int[] tops = new int[ORDERS];
  private final int[] counts = new int[ORDERS];

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
    mergeKept();
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
    int block;
    if (counts[order] > 0) {
      block = pop(order);
    } else {
      block = split(order);
      if (block == NONE) {
        mergeKept();
        block = split(order);
      }
    }
    if (block != NONE) {
      freeLeaves -= 1 << order;
    }
    return block;
  }

  /** Takes a block out of the smallest free one that is large enough. */
  private int split(int order) {
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
    return block;
  }

  /** Gives a block back. */
  void give(int block, int order) {
    freeLeaves += 1 << order;
    int slot = tops[order]++ & (KEPT - 1);
    if (counts[order] < KEPT) {
      counts[order]++;
    } else {
      merge(kept[order][slot], order); // the one that has been there for longest
    }
    kept[order][slot] = block;
  }

  private int pop(int order) {
    counts[order]--;
    return kept[order][--tops[order] & (KEPT - 1)];
  }

  private void mergeKept() {
    for (int order = 0; order < ORDERS; order++) {
      while (counts[order] > 0) {
        merge(pop(order), order);
      }
    }
  }

  private void merge(int block, int order) {
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
