package dev.weft.perf.startup;

import java.util.List;

/**
 * What a server did in equal slices of time, one after the other, from its start on. The last
 * quarter of them is what it does in the long run.
 *
 * @param millis how long a slice is
 * @param all the slices, eight or more
 */
record Slices(long millis, List<Slice> all) {
  private static final long SECOND = 1_000;
  private static final double WARM = 0.9;

  /**
   * One of them.
   *
   * @param perSecond messages per second
   * @param cpuMicros the server's CPU time per message
   */
  record Slice(double perSecond, double cpuMicros) {}

  Slices {
    all = List.copyOf(all);
    if (all.size() < 8) {
      throw new IllegalArgumentException("too few slices: " + all.size());
    }
  }

  /** Messages per second in the long run. */
  double steadyPerSecond() {
    return perSecond(steadyFrom(), all.size());
  }

  /** CPU time per message in the long run. */
  double steadyCpuMicros() {
    return cpuMicros(steadyFrom(), all.size());
  }

  private int steadyFrom() {
    return all.size() * 3 / 4;
  }

  /**
   * After how much load the server is warm: where the first second of it begins that has 90 % of
   * the throughput in the long run. A second, as single slices vary by more than that. If there is
   * none, where the last second begins.
   */
  long warmAfterMillis() {
    int length = (int) Math.max(1, SECOND / millis);
    double enough = WARM * steadyPerSecond();
    int from = 0;
    while (from + length < all.size() && perSecond(from, from + length) < enough) {
      from++;
    }
    return from * millis;
  }

  private double perSecond(int from, int to) {
    return all.subList(from, to).stream().mapToDouble(Slice::perSecond).average().orElseThrow();
  }

  /** CPU time per message in some slices. */
  double cpuMicros(int from, int to) {
    double messages = 0;
    double micros = 0;
    for (Slice slice : all.subList(from, to)) {
      messages += slice.perSecond;
      micros += slice.perSecond * slice.cpuMicros;
    }
    return micros / messages;
  }
}
