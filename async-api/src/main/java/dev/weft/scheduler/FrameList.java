package dev.weft.scheduler;

import dev.weft.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out list of frames, linked through the frames themselves: it grows without
 * allocating. Confined to one thread.
 */
final class FrameList {
  private @Nullable Frame<?> head;
  private @Nullable Frame<?> tail;

  /** Read by other threads too, for metrics, whenever they come by. */
  private int size;

  boolean isEmpty() {
    return head == null;
  }

  int size() {
    return size;
  }

  void add(Frame<?> frame) {
    frame.next = null;
    if (tail == null) {
      head = frame;
    } else {
      tail.next = frame;
    }
    tail = frame;
    size++;
  }

  @Nullable Frame<?> poll() {
    Frame<?> first = head;
    if (first != null) {
      head = first.next;
      if (head == null) {
        tail = null;
      }
      first.next = null; // a frame that keeps its link keeps its successor from the collector
      size--;
    }
    return first;
  }
}
