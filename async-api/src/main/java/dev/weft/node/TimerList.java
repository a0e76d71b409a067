package dev.weft.node;

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

  private @Nullable Timeout first;
  private @Nullable Timeout last;

  TimerList(int millis, long expiry, long id) {
    this.millis = millis;
    this.expiry = expiry;
    this.id = id;
  }

  @Nullable Timeout peek() {
    return first;
  }

  boolean isEmpty() {
    return first == null;
  }

  void append(Timeout timer) {
    Timeout before = last;
    timer.list = this;
    timer.previous = before;
    if (before == null) {
      first = timer;
    } else {
      before.next = timer;
    }
    last = timer;
  }

  void remove(Timeout timer) {
    Timeout before = timer.previous;
    Timeout after = timer.next;
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
