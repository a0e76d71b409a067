package dev.weft.perf.contention;

/**
 * Whether others may take what a worker has: Backlog and SignsOfLife. Nobody is ever stuck here.
 */
final class Backlog {
  private static final long WORTH_WAKING_NANOS = 50_000;
  private static final long TAKING_NANOS = 4_000;
  private static final long MUCH_NANOS = 500_000;

  private final Worker owner;
  private final Line line = new Line();

  /** SignsOfLife: rounds, the mark, and whether the worker sleeps. */
  final Line life = new Line();

  private boolean offered;
  private long batchStart;

  Backlog(Worker owner) {
    this.owner = owner;
  }

  void offer() {
    owner.load(line);
    if (!offered) {
      offered = true;
      owner.storeVolatile(line);
    }
  }

  void beforeBatch() {
    if (offered && owner.ring.isEmptyToOwner()) {
      offered = false;
      owner.storeVolatile(line);
    }
  }

  void batchBegins() {
    batchStart = owner.now;
    owner.store(line);
  }

  /** Offers it if it is so much; says whether it is. */
  boolean offerIfWorthIt(long nanosPerPoll) {
    int waiting = owner.ring.size();
    boolean worth =
        waiting * (nanosPerPoll - TAKING_NANOS) > WORTH_WAKING_NANOS
            || waiting * nanosPerPoll > MUCH_NANOS;
    if (worth) {
      offer();
    }
    return worth;
  }

  boolean isOffered(Agent thief) {
    thief.load(line);
    if (offered) {
      return true;
    }
    thief.load(life);
    owner.pollsSeen(thief);
    return thief.now - batchStart > MUCH_NANOS;
  }
}
