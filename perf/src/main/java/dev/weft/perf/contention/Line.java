package dev.weft.perf.contention;

import java.util.BitSet;

/**
 * A cache line, as MESI has it: one processor holds it alone and may have written to it, or several
 * share it unchanged. A line in transit is nobody else's until it has arrived, so those who want it
 * at the same time queue.
 */
final class Line {
  private static final int NOBODY = -1;

  /** Who has written to it last, and whose it is alone. */
  private int owner = NOBODY;

  private final BitSet sharers = new BitSet();

  /** When its last transfer is over. */
  private long arrives;

  /** A lock on this line, if there is one, is held until then. */
  long heldUntil;

  /** A line that an agent has just made. */
  static Line of(Agent maker) {
    Line line = new Line();
    line.owner = maker.id;
    return line;
  }

  /** What a load takes; counts. */
  long load(int reader, long now, Tally tally) {
    if (owner == reader || sharers.get(reader)) {
      return Costs.HIT;
    }
    sharers.set(reader);
    if (owner == NOBODY) {
      return Costs.SHARED_LOAD;
    }
    sharers.set(owner);
    owner = NOBODY;
    return transfer(now, tally);
  }

  /** What it takes until a writer has it alone; counts. */
  long own(int writer, long now, Tally tally) {
    if (owner == writer) {
      return Costs.HIT;
    }
    boolean elsewhere = owner != NOBODY || sharers.cardinality() > (sharers.get(writer) ? 1 : 0);
    owner = writer;
    sharers.clear();
    return elsewhere ? transfer(now, tally) : Costs.HIT;
  }

  private long transfer(long now, Tally tally) {
    tally.transfers++;
    arrives = Math.max(now, arrives) + Costs.TRANSFER;
    return arrives - now;
  }
}
