package dev.weft.net.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct memory of one {@link MemoryBudget}: chunks, which {@link MemoryThread} allocates
 * before they are needed and frees when they have not been for a second. A worker never allocates
 * direct memory here, so it never sleeps for it; if the JVM has none, the budget is what is there
 * already.
 *
 * <p>Called under the budget's lock, which what runs on that thread takes itself.
 */
final class MemoryChunks {
  private static final int CHUNK = MemoryBudget.CHUNK;
  private static final long IDLE_MILLIS = 1000;
  private static final long RETRY_MILLIS = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(MemoryChunks.class);

  /** Its monitor is the lock. */
  private final MemoryBudget budget;

  private final long limit;
  private final BuddyBlocks blocks = new BuddyBlocks();
  private final List<@Nullable MemoryChunk> chunks = new ArrayList<>();

  /** The limit, or what there is if the JVM gives no more. */
  private long capacity;

  private long committed;
  private boolean growing;
  private boolean trimming;
  private boolean closed;

  /**
   * Allocates the first chunk, on the calling thread.
   *
   * @throws OutOfMemoryError if there is no direct memory at all
   */
  MemoryChunks(MemoryBudget budget, long limit) {
    this.budget = budget;
    this.limit = limit;
    this.capacity = limit;
    install(MemoryChunk.allocate());
  }

  long limit() {
    return limit;
  }

  /** The limit, or what there is if the JVM gives no more. */
  long capacity() {
    return capacity;
  }

  /** What there is. */
  long committed() {
    return committed;
  }

  /** Whether more is coming. */
  boolean areGrowing() {
    return growing && capacity == limit;
  }

  /** What is free in the chunks that there are, without what is promised. */
  long unclaimed() {
    return (long) blocks.freeLeaves() * MemoryBudget.SMALLEST - budget.claimed();
  }

  /** See {@link BuddyBlocks#take}. */
  int take(int order) {
    return blocks.take(order);
  }

  /** The buffer of a block that was taken. If there is no heap for it, the block is given back. */
  Piece piece(int block, int order) {
    try {
      MemoryChunk chunk = chunks.get(block / BuddyBlocks.LEAVES);
      return Objects.requireNonNull(chunk, "the chunk of a block").piece(budget, block, order);
    } catch (Throwable noBuffer) {
      blocks.give(block, order);
      throw noBuffer;
    }
  }

  /**
   * Takes a buffer back.
   *
   * @param again whether it can be used again
   */
  void give(Piece piece, boolean again) {
    if (!again) {
      MemoryChunk chunk = chunks.get(piece.block / BuddyBlocks.LEAVES);
      if (chunk != null) {
        chunk.forget(piece);
      }
    }
    blocks.give(piece.block, piece.order);
    trimIfIdle();
  }

  // ---- growing

  private boolean isLow() {
    return !closed
        && committed + CHUNK <= limit
        && unclaimed() < Math.max(CHUNK / 2, committed / 8);
  }

  void growIfLow() {
    if (!growing && isLow()) {
      growing = true;
      MemoryThread.run(this::grow);
    }
  }

  private void grow() {
    MemoryChunk chunk;
    try {
      chunk = MemoryChunk.allocate();
    } catch (OutOfMemoryError none) {
      onRefusal(none);
      return;
    }
    boolean more;
    synchronized (budget) {
      install(chunk);
      capacity = limit;
      more = isLow();
      growing = more;
      if (closed) {
        trimSoon();
      }
    }
    if (more) {
      MemoryThread.run(this::grow);
    }
    budget.tellRoom();
  }

  private void onRefusal(OutOfMemoryError none) {
    boolean first;
    long there;
    synchronized (budget) {
      first = capacity == limit;
      there = committed;
      capacity = there;
    }
    if (first) {
      LOG.warn(
          "The JVM has no more direct memory ({}), so connections share the {} KiB that there are,"
              + " of a budget of {} KiB; give it more (-XX:MaxDirectMemorySize) or make the budget"
              + " smaller",
          none.getMessage(),
          there / 1024,
          limit / 1024);
      budget.tellWaiters(); // no more is coming: some are to be refused now
    }
    MemoryThread.runLater(this::growAgain, RETRY_MILLIS);
  }

  private void growAgain() {
    boolean low;
    synchronized (budget) {
      low = isLow();
      growing = low;
    }
    if (low) {
      grow();
    }
  }

  private void install(MemoryChunk chunk) {
    int number = chunks.indexOf(null);
    if (number < 0) {
      number = chunks.size();
      chunks.add(chunk);
    } else {
      chunks.set(number, chunk);
    }
    blocks.add(number);
    committed += CHUNK;
  }

  // ---- giving back to the system

  /** What is to stay free when memory is given back. */
  private long spare() {
    return closed ? 0 : Math.max(CHUNK, committed / 4);
  }

  void trimIfIdle() {
    if (!trimming && (closed || unclaimed() >= spare() + CHUNK)) {
      trimSoon();
    }
  }

  private void trimSoon() {
    trimming = true;
    MemoryThread.runLater(this::trim, closed ? 0 : IDLE_MILLIS);
  }

  private void trim() {
    List<MemoryChunk> idle = new ArrayList<>();
    synchronized (budget) {
      trimming = false;
      for (int number = chunks.size() - 1; number >= 0; number--) {
        MemoryChunk chunk = chunks.get(number);
        if (chunk != null && unclaimed() - CHUNK >= spare() && blocks.remove(number)) {
          chunks.set(number, null);
          committed -= CHUNK;
          idle.add(chunk);
        }
      }
    }
    idle.forEach(MemoryChunk::free);
  }

  /** The executor has ended. What is still in use is freed when it is given back. */
  void close() {
    closed = true;
    trimSoon();
  }
}
