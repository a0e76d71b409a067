package dev.weft.scheduler;

import dev.weft.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out list of frames, linked through the frames themselves: it grows without
 * allocating. For one thread at a time; others may ask whether it is empty, and how long, and get
 * an answer that was true a moment ago.
 */
final class FrameList {
  private @Nullable Frame<?> head; // one reference: a racy reader sees an old one or the new
  private @Nullable Frame<?> tail;

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
