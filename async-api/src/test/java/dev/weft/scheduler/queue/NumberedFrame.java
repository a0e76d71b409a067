package dev.weft.scheduler.queue;

import dev.weft.frame.Frame;

/** Something to put into a queue. */
public final class NumberedFrame extends Frame<Void> {
  final int number;

  public NumberedFrame(int number) {
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
