package dev.weft.scheduler;

import dev.weft.frame.Frame;

/** Something to put into a queue. */
final class NumberedFrame extends Frame<Void> {
  final int number;

  NumberedFrame(int number) {
    this.number = number;
  }

  static int of(Frame<?> frame) {
    return ((NumberedFrame) frame).number;
  }

  @Override
  protected Object resume() {
    throw new AssertionError("a frame of the queue tests was polled");
  }
}
