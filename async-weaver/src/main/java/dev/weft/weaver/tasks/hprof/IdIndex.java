package dev.weft.weaver.tasks.hprof;

/**
 * Numbers ids, from 0 in the order in which they come, and finds their numbers: a hash table with
 * open addressing. 13 to 18 bytes an id.
 */
final class IdIndex {
  private final LongList ids = new LongList();

  /** Number + 1 at its place, or at the next free one behind it; 0 is free. A power of two. */
  private int[] table = new int[1 << 10];

  int size() {
    return ids.size();
  }

  long id(int number) {
    return ids.get(number);
  }

  /** The number of an id, which is a new one if it was not here. */
  int add(long id) {
    int there = find(id);
    if (there >= 0) {
      return there;
    }
    if (ids.size() >= table.length / 8 * 5) {
      grow();
    }
    ids.add(id);
    put(id, ids.size());
    return ids.size() - 1;
  }

  /** The number of an id; -1 if it is not here. */
  int find(long id) {
    int mask = table.length - 1;
    for (int at = hash(id) & mask; ; at = (at + 1) & mask) {
      int entry = table[at];
      if (entry == 0) {
        return -1;
      }
      if (ids.get(entry - 1) == id) {
        return entry - 1;
      }
    }
  }

  private void grow() {
    if (table.length == 1 << 30) {
      throw new OutOfMemoryError("more than " + ids.size() + " objects");
    }
    int doubled = table.length * 2;
    table = new int[0]; // not both at a time
    table = new int[doubled];
    for (int i = 0; i < ids.size(); i++) {
      put(ids.get(i), i + 1);
    }
  }

  private void put(long id, int entry) {
    int mask = table.length - 1;
    int at = hash(id) & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = entry;
  }

  /** The finalizer of MurmurHash3: ids are addresses, multiples of 8 and often one by one. */
  private static int hash(long id) {
    long mixed = (id ^ (id >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return (int) (mixed ^ (mixed >>> 33));
  }
}
