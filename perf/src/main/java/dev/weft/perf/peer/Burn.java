package dev.weft.perf.peer;

import java.util.concurrent.TimeUnit;

/** CPU-bound work of a given length, and the commands that ask for it. */
final class Burn {
  /** The command for burning in the handler. */
  static final int INLINE = 1;

  /** The command for burning on another thread. */
  static final int ELSEWHERE = 2;

  private Burn() {}

  /** Computes for that long, by the clock, as in the peers in other languages. */
  static void micros(int micros) {
    long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
