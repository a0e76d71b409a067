package dev.weft.perf.streamcost;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** So many numbers, none of which is allocated. */
final class Ones implements Iterator<Integer> {
  private int left;

  Ones(int count) {
    left = count;
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Integer next() {
    if (left == 0) {
      throw new NoSuchElementException();
    }
    return left-- & 63; // small ones are cached
  }
}
