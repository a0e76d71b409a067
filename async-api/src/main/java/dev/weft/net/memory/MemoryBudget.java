package dev.weft.net.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory that the connections of one executor may hold, in receive buffers and in what is
 * written and not sent.
 *
 * <p>Each connection is promised one small piece when it is opened ({@link #promise}), so it can
 * always be read from while it holds nothing; the rest is shared among those that need it ({@link
 * MemoryShares}). A connection that has its part stops reading and is read from again when it has
 * given back enough ({@link StoppedConnections}); its peer waits, as it does for any slow reader.
 *
 * <p>Tokio, Netty and the JDK have no such bound; Go bounds the heap and then collects garbage all
 * the time. Envoy has one (its overload manager) but resets the connections that hold most, which
 * is no better for a peer that is only slow.
 *
 * <p>A message costs one short locked section to take a buffer and one to give it back, and no
 * allocation. Netty's own allocators lock, too (a stamped lock per magazine, an arena's lock).
 *
 * <p>Any thread may call it. This object's monitor guards all that the package counts; nobody is
 * told anything under it.
 */
public final class MemoryBudget {
  /** What each connection is promised. Guessed: a small message, and 20,000 of them are 10 MB. */
  static final int SMALLEST = 512;

  /** The largest buffer, in bytes: half of an inbox of the default size. Guessed. */
  public static final int LARGEST = 32 * 1024;

  /** What a write may hold at least, however little is free: Netty's write of one large message. */
  public static final int LEAST_SEND = 4 * 1024;

  /** What is allocated at once, in bytes. */
  public static final int CHUNK = SMALLEST * BuddyBlocks.LEAVES;

  private final MemoryChunks chunks;
  private final MemoryShares shares;
  private final StoppedConnections stopped;
  private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet();

  /**
   * Allocates the first chunk, on the calling thread.
   *
   * @param limit in bytes; at least one chunk
   * @throws OutOfMemoryError if there is no direct memory at all
   */
  public MemoryBudget(long limit) {
    this.chunks = new MemoryChunks(this, Math.max(limit, CHUNK));
    this.shares = new MemoryShares(chunks);
    this.stopped = new StoppedConnections(this, shares);
  }

  /** A quarter of the direct memory that the JVM allows; the rest is the application's. */
  public static long defaultLimit() {
    return PlatformDependent.estimateMaxDirectMemory() / 4;
  }

  /** In bytes. */
  public long limit() {
    return chunks.limit();
  }

  /** Direct memory that it has, in bytes. */
  synchronized long committed() {
    return chunks.committed();
  }

  /** What is in use, in bytes: received, or written and not sent. */
  synchronized long used() {
    return shares.used();
  }

  /** What is promised to connections, in bytes. */
  synchronized long promised() {
    return shares.promised();
  }

  /** What is free, but promised, in bytes. Under the lock. */
  long claimed() {
    return shares.claimed();
  }

  // ---- connections

  /**
   * Promises a connection its piece.
   *
   * @return false if that cannot be now; {@link #whenRoom} tells when to ask again
   */
  public boolean promise(@Nullable MemoryGroup group) {
    synchronized (this) {
      boolean fits = shares.mayPromise(group);
      if (fits) {
        shares.promise(group);
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
  public enum Answer {
    /** It was made. */
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
  public synchronized Answer ask(@Nullable MemoryGroup group) {
    if (promise(group)) {
      return Answer.PROMISED;
    }
    return isGrowing() ? Answer.LATER : Answer.NO;
  }

  /** Takes a promise back that no connection has taken over. */
  public void unpromise(@Nullable MemoryGroup group) {
    synchronized (this) {
      shares.unpromise(group);
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
      shares.foreign(memory, 0);
      keeps = memory.ownPiece != null;
    }
    if (keeps) { // the promise, until that piece is back
      tellRoom();
    } else {
      unpromise(memory.group());
    }
  }

  /** Has an action run whenever there may be room again; on any thread, often for nothing. */
  public void whenRoom(Runnable action) {
    waiters.add(action);
  }

  /** Ends that. */
  public void forget(Runnable action) {
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
    int order = floorOrder(Math.min(Math.min(wanted, LARGEST), shares.most(memory)));
    for (; order >= MemoryShares.LEAST_ORDER; order--) {
      int block = chunks.take(order);
      if (block >= 0) {
        Piece piece = piece(memory, block, order, false);
        shares.lend(memory, SMALLEST << order);
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
    shares.own(memory, piece);
    return piece;
  }

  /** Counts nothing yet, as there may be no heap for the buffer. */
  private Piece piece(ConnectionMemory memory, int block, int order, boolean own) {
    Piece piece = chunks.piece(block, order);
    piece.owner = memory;
    piece.own = own;
    return piece;
  }

  /** The order of the greatest block that is not above this; -1 if all are. */
  private static int floorOrder(long bytes) {
    if (bytes < SMALLEST) { // or negative: others have taken much since
      return -1;
    }
    return 63 - Long.numberOfLeadingZeros(bytes / SMALLEST);
  }

  /** The connection has used its own piece up, and stops reading until it may go on. */
  void stop(ConnectionMemory memory) {
    synchronized (this) {
      if (memory.ownPiece == null || memory.closed) {
        return; // it is back already
      }
      if (shares.mayGoOn(memory)) { // others have given something back meanwhile
        shares.share(memory);
      } else {
        stopped.add(memory);
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
        shares.disown(memory);
        ended = memory.closed;
        if (memory.stopped) {
          memory.stopped = false;
          ready = memory;
        }
      } else {
        shares.lend(memory, -piece.bytes());
      }
      chunks.give(piece, again);
      if (ended) {
        shares.unpromise(memory.group());
        chunks.trimIfIdle();
      }
      other = stopped.next();
    }
    try {
      if (ready != null) {
        ready.tellBack();
      }
    } finally { // if there is no heap for the one, the other has been chosen still
      if (other != null) {
        other.tellRoom();
        stopped.tell();
      }
    }
    if (ended || !waiters.isEmpty()) {
      tellWaiters();
    }
  }

  // ---- sending

  /** How much that is written may wait on one connection now, in bytes; a power of two. */
  int sendLimit() {
    return shares.sendLimit();
  }

  void foreign(ConnectionMemory memory, long bytes) {
    boolean less;
    synchronized (this) {
      less = !memory.closed && bytes < memory.foreign;
      if (!memory.closed) {
        shares.foreign(memory, bytes);
      }
    }
    if (less) {
      tellRoom();
    }
  }

  // ---- telling; without the lock

  /** There is more than there was, to whoever needs it. */
  void tellRoom() {
    tellWaiters();
    stopped.tell();
  }

  /** To those who have no promise, also that there will be no more. */
  void tellWaiters() {
    waiters.forEach(Runnable::run);
  }

  /** The executor has ended. What is still in use is freed when it is given back. */
  public void close() {
    synchronized (this) {
      stopped.close();
      chunks.close();
    }
  }
}
