package dev.weft.node.timer;

import org.jspecify.annotations.Nullable;

/**
 * The timers of one duration, in the order in which they were started, which is that of their
 * expiry: starting one is appending it, whatever their number.
 */
final class TimerList {
  final int millis;

  /** No timer of the list is due before. */
  long expiry;

  /** Decides between lists of one expiry: the one made, or put back, first. */
  long id;

  /** Where the list stands in the heap. */
  int position;

  private @Nullable ListedTimer first;
  private @Nullable ListedTimer last;

  TimerList(int millis, long expiry, long id) {
    this.millis = millis;
    this.expiry = expiry;
    this.id = id;
  }

  @Nullable ListedTimer peek() {
    return first;
  }

  boolean isEmpty() {
    return first == null;
  }

  void append(ListedTimer timer) {
    ListedTimer before = last;
    timer.list = this;
    timer.previous = before;
    if (before == null) {
      first = timer;
    } else {
      before.next = timer;
    }
    last = timer;
  }

  void remove(ListedTimer timer) {
    ListedTimer before = timer.previous;
    ListedTimer after = timer.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    timer.list = null;
    timer.previous = null;
    timer.next = null;
  }

  boolean isBefore(TimerList other) {
    return expiry != other.expiry ? expiry < other.expiry : id < other.id;
  }
}
