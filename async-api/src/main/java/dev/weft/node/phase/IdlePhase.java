package dev.weft.node.phase;

/**
 * The phases idle and prepare, before the poll. Node has one idle handle, active while there are
 * immediates, whose only effect is that the poll does not block; and prepare has nothing to do but
 * to count the iterations.
 */
final class IdlePhase {
  private final CheckPhase check;
  private long iterations;

  IdlePhase(CheckPhase check) {
    this.check = check;
  }

  void run() {
    iterations++;
  }

  /** True if the poll must not block. */
  boolean isActive() {
    return check.isAlive();
  }

  long iterations() {
    return iterations;
  }
}
