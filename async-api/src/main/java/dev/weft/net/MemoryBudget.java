package dev.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the connections of one executor may hold, in receive buffers and in what is
 * written and not sent.
 *
 * <p>Each connection is promised one small piece when it is opened ({@link #promise}), so it can
 * always be read from while it holds nothing; a quarter is kept for that. The rest is shared: a
 * connection may have up to an eighth of what is free of that at the moment. This is the dynamic
 * threshold of shared-memory switches (Choudhury and Hahne, IEEE/ACM Transactions on Networking
 * 6(2), 1998): nobody has to be told who the greedy ones are; with many of them each gets less,
 * something is always left for others, and one alone gets plenty. A connection that has its part
 * stops reading and is read from again when it has given back enough; its peer waits, as it does
 * for any slow reader.
 *
 * <p>Tokio, Netty and the JDK have no such bound; Go bounds the heap and then collects garbage all
 * the time. Envoy has one (its overload manager) but resets the connections that hold most, which
 * is no better for a peer that is only slow.
 *
 * <p>A message costs one short locked section to take a buffer and one to give it back, and no
 * allocation. Netty's own allocators lock, too (a stamped lock per magazine, an arena's lock).
 */
final class MemoryBudget {
  /** What each connection is promised. Guessed: a small message, and 20,000 of them are 10 MB. */
  static final int SMALLEST = 512;

  /** Half of an inbox of the default size. Guessed. */
  static final int LARGEST = 32 * 1024;

  static final int CHUNK = SMALLEST * BuddyBlocks.LEAVES;

  /**
   * Nothing smaller is taken of what is shared: a greedy connection would have its part in so many
   * pieces that the objects around them take more than the pieces. What {@link MemoryChunk} keeps.
   */
  private static final int LEAST_SHARED_ORDER = 2;

  private static final int LEAST_SHARED = SMALLEST << LEAST_SHARED_ORDER;

  /**
   * One part in so many is never shared: those who hold what is shared may never give it back, and
   * others still are to be let in. More may be promised, but not as a matter of course.
   */
  private static final int RESERVE = 4;

  /** A connection may have one part in so many of what is free. A power of two, as in switches. */
  private static final int PARTS = 8;

  /** What a write may hold at least, however little is free: Netty's write of one large message. */
  private static final int LEAST_SEND = 4 * 1024;

  /** For who has stopped and is behind one that may not go on yet. Guessed. */
  private static final long LOOK_MILLIS = 100;

  private final MemoryChunks chunks;
  private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet();

  // Under the lock.
  private final ArrayDeque<ConnectionMemory> stopped = new ArrayDeque<>();
  private long promised;
  private long promisedInUse;
  private long shared;
  private long foreign;

  /** Looked at without the lock. */
  private volatile int sendLimit = LEAST_SEND;

  private boolean looking;
  private boolean closed;

  /**
   * Allocates the first chunk, on the calling thread.
   *
   * @param limit in bytes; at least one chunk
   * @throws OutOfMemoryError if there is no direct memory at all
   */
  MemoryBudget(long limit) {
    this.chunks = new MemoryChunks(this, Math.max(limit, CHUNK));
    setSendLimit();
  }

  /** A quarter of the direct memory that the JVM allows; the rest is the application's. */
  static long defaultLimit() {
    return PlatformDependent.estimateMaxDirectMemory() / 4;
  }

  /** In bytes. */
  long limit() {
    return chunks.limit();
  }

  /** Direct memory that it has, in bytes. */
  synchronized long committed() {
    return chunks.committed();
  }

  /** What is in use, in bytes: received, or written and not sent. */
  synchronized long used() {
    return promisedInUse + shared + foreign;
  }

  /** What is promised to connections, in bytes. */
  synchronized long promised() {
    return promised;
  }

  // ---- connections

  /**
   * Promises a connection its piece.
   *
   * @return false if that cannot be now; {@link #whenRoom} tells when to ask again
   */
  boolean promise(@Nullable MemoryGroup group) {
    synchronized (this) {
      boolean fits =
          promised + SMALLEST <= chunks.capacity() / 2
              && (group == null || group.room() >= SMALLEST)
              && chunks.unclaimed() >= SMALLEST;
      if (fits) {
        promised += SMALLEST;
        use(group, SMALLEST);
      }
      chunks.growIfLow();
      return fits;
    }
  }

  /** Whether a promise that was refused may be kept soon, without anybody giving anything back. */
  synchronized boolean isGrowing() {
    return chunks.areGrowing();
  }

  /** To who asks for a promise. */
  enum Answer {
    PROMISED,

    /** More memory is on its way: {@link #whenRoom} tells when to ask again. */
    LATER,

    /** Somebody has to give something back before, or the JVM has just refused more. */
    NO
  }

  /**
   * As {@link #promise}; and in the same look at what there is, whether there will be more. By a
   * second look that may have come, and no more be on its way: it would be taken for NO.
   */
  synchronized Answer ask(@Nullable MemoryGroup group) {
    if (promise(group)) {
      return Answer.PROMISED;
    }
    return isGrowing() ? Answer.LATER : Answer.NO;
  }

  /** Takes a promise back that no connection has taken over. */
  void unpromise(@Nullable MemoryGroup group) {
    synchronized (this) {
      promised -= SMALLEST;
      use(group, -SMALLEST);
      chunks.trimIfIdle();
    }
    tellRoom();
  }

  void close(ConnectionMemory memory) {
    boolean keeps;
    synchronized (this) {
      if (memory.closed) {
        return;
      }
      memory.closed = true;
      memory.stopped = false;
      setForeign(memory, 0);
      keeps = memory.ownPiece != null;
    }
    if (keeps) { // the promise, until that piece is back
      tellRoom();
    } else {
      unpromise(memory.group());
    }
  }

  /** Has an action run whenever there may be room again; on any thread, often for nothing. */
  void whenRoom(Runnable action) {
    waiters.add(action);
  }

  /** Ends that. */
  void forget(Runnable action) {
    waiters.remove(action);
  }

  // ---- receiving

  @Nullable ByteBuf take(ConnectionMemory memory, int wanted) {
    Piece piece;
    synchronized (this) {
      piece = takeShared(memory, wanted);
      if (piece == null) {
        piece = takeOwn(memory);
      }
      if (piece == null || piece.bytes() < wanted) {
        chunks.growIfLow();
      }
    }
    if (piece == null) {
      return null;
    }
    ByteBuf buf = piece.fresh();
    if (piece.bytes() < wanted) {
      // Who sends messages of just that size is not to look like one who sends ever more (Turns).
      buf.setIndex(1, 1);
    }
    return buf;
  }

  private @Nullable Piece takeShared(ConnectionMemory memory, int wanted) {
    long most = Math.min(allowance(memory), chunks.unclaimed());
    int order = floorOrder(Math.min(Math.min(wanted, LARGEST), most));
    for (; order >= LEAST_SHARED_ORDER; order--) {
      int block = chunks.take(order);
      if (block >= 0) {
        Piece piece = piece(memory, block, order, false);
        int bytes = SMALLEST << order;
        shared += bytes;
        memory.shared += bytes;
        use(memory.group(), bytes);
        setSendLimit();
        return piece;
      }
    }
    return null;
  }

  private @Nullable Piece takeOwn(ConnectionMemory memory) {
    if (memory.ownPiece != null || memory.closed) {
      return null;
    }
    int block = chunks.take(0);
    if (block < 0) { // cannot be: chunks.unclaimed() counts what is promised as gone
      throw new IllegalStateException("the memory that was promised to a connection is not there");
    }
    Piece piece = piece(memory, block, 0, true);
    promisedInUse += SMALLEST;
    memory.ownPiece = piece;
    return piece;
  }

  /** Counts nothing yet, as there may be no heap for the buffer. */
  private Piece piece(ConnectionMemory memory, int block, int order, boolean own) {
    Piece piece = chunks.piece(block, order);
    piece.owner = memory;
    piece.own = own;
    return piece;
  }

  /** The connection has used its own piece up, and stops reading until it may go on. */
  void stop(ConnectionMemory memory) {
    synchronized (this) {
      if (memory.ownPiece == null || memory.closed) {
        return; // it is back already
      }
      if (mayGoOn(memory)) { // others have given something back meanwhile
        share(memory);
        return;
      }
      memory.stopped = true;
      if (!memory.queued) {
        memory.queued = true;
        stopped.add(memory);
        lookLater();
      }
    }
  }

  /**
   * Takes a piece back. From any thread.
   *
   * @param again whether its buffer can be used again
   */
  void give(Piece piece, boolean again) {
    ConnectionMemory ready = null;
    ConnectionMemory other;
    boolean ended = false;
    synchronized (this) {
      ConnectionMemory memory = piece.owner;
      if (memory == null) {
        throw new IllegalStateException("a buffer was given back twice");
      }
      piece.owner = null;
      if (piece.own) {
        promisedInUse -= SMALLEST;
        memory.ownPiece = null;
        ended = memory.closed;
        if (memory.stopped) {
          memory.stopped = false;
          ready = memory;
        }
      } else {
        shared -= piece.bytes();
        memory.shared -= piece.bytes();
        use(memory.group(), -piece.bytes());
        setSendLimit();
      }
      chunks.give(piece, again);
      if (ended) {
        promised -= SMALLEST;
        use(memory.group(), -SMALLEST);
        chunks.trimIfIdle();
      }
      other = stopped.isEmpty() ? null : nextReady();
    }
    try {
      if (ready != null) {
        ready.tellBack();
      }
    } finally { // if there is no heap for the one, the other has been chosen still
      if (other != null) {
        other.tellRoom();
        wakeReady();
      }
    }
    if (ended || !waiters.isEmpty()) {
      tellWaiters();
    }
  }

  /**
   * Of the connections that have stopped, the next one, if it may have shared memory again. One
   * look at a time, so that thousands of greedy ones cost the others nothing; who is behind one
   * that may not go on is found by {@link #lookAtAll}.
   */
  private @Nullable ConnectionMemory nextReady() {
    for (ConnectionMemory memory; (memory = stopped.poll()) != null; ) {
      if (!memory.stopped) {
        memory.queued = false;
        continue;
      }
      if (!mayGoOn(memory)) {
        stopped.add(memory);
        return null;
      }
      memory.queued = false;
      memory.stopped = false;
      share(memory);
      return memory;
    }
    return null;
  }

  private boolean mayGoOn(ConnectionMemory memory) {
    return allowance(memory) >= LEAST_SHARED && chunks.unclaimed() >= LEAST_SHARED;
  }

  /** Counts the piece that a connection was promised as shared, if it has it. */
  private void share(ConnectionMemory memory) {
    Piece piece = memory.ownPiece;
    if (piece != null) {
      piece.own = false;
      memory.ownPiece = null;
      promisedInUse -= SMALLEST;
      shared += SMALLEST;
      memory.shared += SMALLEST;
      use(memory.group(), SMALLEST);
      setSendLimit();
    }
  }

  private void wakeReady() {
    for (ConnectionMemory ready; (ready = pollReady()) != null; ) {
      ready.tellRoom();
    }
  }

  private synchronized @Nullable ConnectionMemory pollReady() {
    return nextReady();
  }

  private void lookLater() {
    if (!looking && !closed && !stopped.isEmpty()) {
      looking = true;
      MemoryThread.runLater(this::lookAtAll, LOOK_MILLIS);
    }
  }

  /** What made room may have been the last thing to happen, so somebody has to look by himself. */
  private void lookAtAll() {
    int looks;
    synchronized (this) {
      looks = stopped.size();
    }
    for (; looks > 0; looks--) {
      ConnectionMemory ready = pollReady();
      if (ready != null) {
        ready.tellRoom();
      }
    }
    synchronized (this) {
      looking = false;
      lookLater();
    }
  }

  // ---- sending

  /** How much that is written may wait on one connection now, in bytes; a power of two. */
  int sendLimit() {
    return sendLimit;
  }

  void foreign(ConnectionMemory memory, long bytes) {
    boolean less;
    synchronized (this) {
      less = !memory.closed && bytes < memory.foreign;
      if (!memory.closed) {
        setForeign(memory, bytes);
      }
    }
    if (less) {
      tellRoom();
    }
  }

  private void setForeign(ConnectionMemory memory, long bytes) {
    long change = bytes - memory.foreign;
    memory.foreign = bytes;
    foreign += change;
    use(memory.group(), change);
    setSendLimit();
  }

  private void setSendLimit() {
    long part = Math.min(room(null) / PARTS, 1 << 30);
    int now = Math.max(LEAST_SEND, Integer.highestOneBit((int) part));
    if (now != sendLimit) {
      sendLimit = now;
    }
  }

  // ---- how much there is; under the lock

  /** Of what is shared, how much is free for the connections of a group, in bytes. */
  private long room(@Nullable MemoryGroup group) {
    long capacity = chunks.capacity();
    long room = capacity - Math.max(promised, capacity / RESERVE) - shared - foreign;
    return Math.max(0, group == null ? room : Math.min(room, group.room()));
  }

  /** How much more a connection may have of it. */
  private long allowance(ConnectionMemory memory) {
    return room(memory.group()) / PARTS - memory.shared;
  }

  /** What is free, but promised, in bytes. Under the lock. */
  long claimed() {
    return promised - promisedInUse;
  }

  private static void use(@Nullable MemoryGroup group, long bytes) {
    if (group != null) {
      group.used += bytes;
    }
  }

  /** The order of the greatest block that is not above this; -1 if all are. */
  private static int floorOrder(long bytes) {
    if (bytes < SMALLEST) { // or negative: others have taken much since
      return -1;
    }
    return 63 - Long.numberOfLeadingZeros(bytes / SMALLEST);
  }

  /** There is more than there was, to whoever needs it. Without the lock. */
  void tellRoom() {
    tellWaiters();
    wakeReady();
  }

  /** To those who have no promise, also that there will be no more. Without the lock. */
  void tellWaiters() {
    waiters.forEach(Runnable::run);
  }

  /** The executor has ended. What is still in use is freed when it is given back. */
  void close() {
    synchronized (this) {
      closed = true;
      chunks.close();
    }
  }
}
