package dev.weft.scheduler.queue;

import dev.weft.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out list of frames, linked through the frames themselves: it grows without
 * allocating. For one thread at a time; others may ask whether it is empty, and how long, and get
 * an answer that was true a moment ago.
 */
public final class FrameList {
  private @Nullable Frame<?> head; // one reference: a racy reader sees an old one or the new
  private @Nullable Frame<?> tail;

  private int size;

  /** True if there is nothing in it. */
  public boolean isEmpty() {
    return head == null;
  }

  /** How many frames are in it. */
  public int size() {
    return size;
  }

  /** Adds a frame at the end. */
  public void add(Frame<?> frame) {
    frame.next = null;
    if (tail == null) {
      head = frame;
    } else {
      tail.next = frame;
    }
    tail = frame;
    size++;
  }

  /** Takes the first frame; null if there is none. */
  public @Nullable Frame<?> poll() {
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
