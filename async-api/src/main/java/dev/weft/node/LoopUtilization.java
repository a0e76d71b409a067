package dev.weft.node;

/**
 * What share of its time an event loop was busy: Node's {@code performance.eventLoopUtilization()}.
 *
 * <pre>{@code
 * LoopUtilization before = node.eventLoopUtilization();
 * Thread.sleep(1000);
 * double busy = node.eventLoopUtilization().since(before).utilization(); // of the last second
 * }</pre>
 *
 * @param idleNanos time spent waiting in the poll phase
 * @param activeNanos all other time
 */
public record LoopUtilization(long idleNanos, long activeNanos) {
  /** From 0, never busy, to 1, never waiting; 0 if no time has passed. */
  public double utilization() {
    long total = idleNanos + activeNanos;
    return total == 0 ? 0 : (double) activeNanos / total;
  }

  /** The utilization between an earlier moment and this one. */
  public LoopUtilization since(LoopUtilization earlier) {
    return new LoopUtilization(idleNanos - earlier.idleNanos, activeNanos - earlier.activeNanos);
  }
}
