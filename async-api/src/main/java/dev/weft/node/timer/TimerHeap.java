package dev.weft.node.timer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap of timer lists, the earliest on top; each list knows its place in it. */
final class TimerHeap {
  private static final int TOP = 1;

  private @Nullable TimerList[] heap = new TimerList[16];
  private int size;

  @Nullable TimerList peek() {
    return heap[TOP];
  }

  void insert(TimerList list) {
    if (++size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    place(list, size);
    rise(list);
  }

  /** Restores the order after the expiry of the list on top has grown. */
  void sinkTop() {
    sink(at(TOP));
  }

  void remove(TimerList list) {
    TimerList last = at(size);
    heap[size--] = null;
    if (last != list) {
      place(last, list.position);
      rise(last);
      sink(last);
    }
  }

  private void rise(TimerList list) {
    int position = list.position;
    while (position > TOP && list.isBefore(at(position / 2))) {
      place(at(position / 2), position);
      position /= 2;
    }
    place(list, position);
  }

  private void sink(TimerList list) {
    int position = list.position;
    while (position * 2 <= size) {
      int child = position * 2;
      if (child < size && at(child + 1).isBefore(at(child))) {
        child++;
      }
      if (!at(child).isBefore(list)) {
        break;
      }
      place(at(child), position);
      position = child;
    }
    place(list, position);
  }

  private TimerList at(int position) {
    TimerList list = heap[position];
    if (list == null) {
      throw new IllegalStateException("no list at " + position + " of " + size);
    }
    return list;
  }

  private void place(TimerList list, int position) {
    heap[position] = list;
    list.position = position;
  }
}
