package dev.weft.net.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A run of direct memory, and the buffers that were made for parts of it. Under a budget's lock.
 */
final class MemoryChunk {
  /**
   * Buffers for smaller blocks are made anew each time: there could be more of them than memory.
   */
  private static final int KEPT_ORDER = 2;

  /** Without leak detection: it is the budget's for as long as that has anything in it. */
  private static final UnpooledByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

  private final ByteBuf memory;
  private final ByteBuffer bytes;

  /** As in a heap: the block of the greatest order is 1, the halves of n are 2n and 2n + 1. */
  private final @Nullable Piece[] kept =
      new @Nullable Piece[BuddyBlocks.LEAVES >> (KEPT_ORDER - 1)];

  private MemoryChunk(ByteBuf memory) {
    this.memory = memory;
    this.bytes = memory.nioBuffer(0, MemoryBudget.CHUNK);
  }

  /**
   * Allocates one. Can take half a second: see {@link MemoryThread}.
   *
   * @throws OutOfMemoryError if the JVM's limit of direct memory is reached
   */
  static MemoryChunk allocate() {
    return new MemoryChunk(MEMORY.directBuffer(MemoryBudget.CHUNK));
  }

  /** The buffer of a block. */
  Piece piece(MemoryBudget budget, int block, int order) {
    int leaf = block % BuddyBlocks.LEAVES;
    if (order < KEPT_ORDER) {
      return create(budget, block, leaf, order);
    }
    int node = (1 << (BuddyBlocks.ORDERS - 1 - order)) + (leaf >> order);
    Piece piece = kept[node];
    if (piece == null) {
      piece = create(budget, block, leaf, order);
      kept[node] = piece;
    }
    return piece;
  }

  /** The buffer of this block has gone elsewhere, and is not to be used again. */
  void forget(Piece piece) {
    if (piece.order >= KEPT_ORDER) {
      int leaf = piece.block % BuddyBlocks.LEAVES;
      kept[(1 << (BuddyBlocks.ORDERS - 1 - piece.order)) + (leaf >> piece.order)] = null;
    }
  }

  private Piece create(MemoryBudget budget, int block, int leaf, int order) {
    int start = leaf * MemoryBudget.SMALLEST;
    ByteBuffer part =
        bytes.duplicate().position(start).limit(start + (MemoryBudget.SMALLEST << order));
    return Piece.of(budget, part, block, order);
  }

  /** Frees the memory; nothing of it is in use. */
  void free() {
    memory.release();
  }
}
