package dev.weft.perf.scheduler;

/** A poll that takes its time; the same as in Tokio's benchmark. */
final class Stall {
  private Stall() {}

  @SuppressWarnings("ThreadPriorityCheck") // it stands in Tokio's benchmark too
  static void tenMicroseconds() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 10_000) {
      Thread.yield();
    }
  }
}
