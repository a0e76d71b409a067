package dev.weft.net.memory;

import org.jspecify.annotations.Nullable;

/**
 * What of a {@link MemoryBudget} belongs to whom: counts, and the two questions that they answer,
 * how much a connection may have and how much a write may hold.
 *
 * <p>Each connection is promised one small piece when it is opened, so it can always be read from
 * while it holds nothing; a quarter is kept for that. The rest is shared: a connection may have up
 * to an eighth of what is free of that at the moment. This is the dynamic threshold of
 * shared-memory switches (Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998):
 * nobody has to be told who the greedy ones are; with many of them each gets less, something is
 * always left for others, and one alone gets plenty.
 *
 * <p>Under the budget's lock, but for {@link #sendLimit}.
 */
final class MemoryShares {
  private static final int SMALLEST = MemoryBudget.SMALLEST;

  /**
   * Nothing smaller is taken of what is shared: a greedy connection would have its part in so many
   * pieces that the objects around them take more than the pieces. What {@link MemoryChunk} keeps.
   */
  static final int LEAST_ORDER = 2;

  private static final int LEAST = SMALLEST << LEAST_ORDER;

  /**
   * One part in so many is never shared: those who hold what is shared may never give it back, and
   * others still are to be let in. More may be promised, but not as a matter of course.
   */
  private static final int RESERVE = 4;

  /** A connection may have one part in so many of what is free. A power of two, as in switches. */
  private static final int PARTS = 8;

  private final MemoryChunks chunks;
  private long promised;
  private long promisedInUse;
  private long shared;
  private long foreign;

  /** Looked at without the lock. */
  private volatile int sendLimit = MemoryBudget.LEAST_SEND;

  MemoryShares(MemoryChunks chunks) {
    this.chunks = chunks;
    setSendLimit();
  }

  /** What is in use, in bytes. */
  long used() {
    return promisedInUse + shared + foreign;
  }

  /** What is promised, in bytes. */
  long promised() {
    return promised;
  }

  /** What is free, but promised, in bytes. */
  long claimed() {
    return promised - promisedInUse;
  }

  // ---- promises

  boolean mayPromise(@Nullable MemoryGroup group) {
    return promised + SMALLEST <= chunks.capacity() / 2
        && (group == null || group.room() >= SMALLEST)
        && chunks.unclaimed() >= SMALLEST;
  }

  void promise(@Nullable MemoryGroup group) {
    promised += SMALLEST;
    use(group, SMALLEST);
  }

  void unpromise(@Nullable MemoryGroup group) {
    promised -= SMALLEST;
    use(group, -SMALLEST);
  }

  /** A connection has taken the piece that it was promised. */
  void own(ConnectionMemory memory, Piece piece) {
    promisedInUse += SMALLEST;
    memory.ownPiece = piece;
  }

  /** It is back. */
  void disown(ConnectionMemory memory) {
    promisedInUse -= SMALLEST;
    memory.ownPiece = null;
  }

  /** Counts the piece that a connection was promised as shared, if it has it. */
  void share(ConnectionMemory memory) {
    Piece piece = memory.ownPiece;
    if (piece != null) {
      piece.own = false;
      disown(memory);
      lend(memory, SMALLEST);
    }
  }

  // ---- what is shared

  /** A connection has taken so much of it; or given it back, if that is negative. */
  void lend(ConnectionMemory memory, int bytes) {
    shared += bytes;
    memory.shared += bytes;
    use(memory.group(), bytes);
    setSendLimit();
  }

  /** In buffers from elsewhere, which were written and wait to be sent. */
  void foreign(ConnectionMemory memory, long bytes) {
    long change = bytes - memory.foreign;
    memory.foreign = bytes;
    foreign += change;
    use(memory.group(), change);
    setSendLimit();
  }

  /** Whether a connection that has stopped may have some of it. */
  boolean mayGoOn(ConnectionMemory memory) {
    return most(memory) >= LEAST;
  }

  /** How much a connection may take of it now, in bytes; not above 0 if nothing. */
  long most(ConnectionMemory memory) {
    return Math.min(allowance(memory), chunks.unclaimed());
  }

  private long allowance(ConnectionMemory memory) {
    return room(memory.group()) / PARTS - memory.shared;
  }

  /** How much of it is free for the connections of a group, in bytes. */
  private long room(@Nullable MemoryGroup group) {
    long capacity = chunks.capacity();
    long room = capacity - Math.max(promised, capacity / RESERVE) - shared - foreign;
    return Math.max(0, group == null ? room : Math.min(room, group.room()));
  }

  private static void use(@Nullable MemoryGroup group, long bytes) {
    if (group != null) {
      group.used += bytes;
    }
  }

  // ---- sending

  /** See {@link MemoryBudget#sendLimit}. By any thread, without the lock. */
  int sendLimit() {
    return sendLimit;
  }

  private void setSendLimit() {
    long part = Math.min(room(null) / PARTS, 1 << 30);
    int now = Math.max(MemoryBudget.LEAST_SEND, Integer.highestOneBit((int) part));
    if (now != sendLimit) {
      sendLimit = now;
    }
  }
}
