package dev.weft.perf.awaitcost;

import java.util.concurrent.locks.LockSupport;

/**
 * Two virtual threads on one carrier that park and unpark each other in turn. Whose turn it is
 * stands in a plain field: on one carrier there is nobody to race with, and a park may return for
 * no reason.
 */
final class ParkingPair {
  private final int rounds;
  private final Thread[] threads = new Thread[2];
  private int turn;

  private ParkingPair(int rounds) {
    this.rounds = rounds;
  }

  /** Runs such a pair; each of them waits {@code rounds} times. */
  static void run(int rounds) {
    ParkingPair pair = new ParkingPair(rounds);
    Thread second =
        VirtualThreadAwaits.start(
            () -> {
              pair.threads[1] = Thread.currentThread();
              Thread first = VirtualThreadAwaits.start(() -> pair.takeTurns(0));
              pair.threads[0] = first;
              pair.takeTurns(1);
              VirtualThreadAwaits.join(first);
            });
    VirtualThreadAwaits.join(second);
  }

  private void takeTurns(int mine) {
    for (int i = 0; i < rounds; i++) {
      while (turn != mine) {
        LockSupport.park();
      }
      turn = 1 - mine;
      LockSupport.unpark(threads[1 - mine]);
    }
  }
}
