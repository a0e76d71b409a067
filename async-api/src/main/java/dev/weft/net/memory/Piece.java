package dev.weft.net.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A receive buffer out of a {@link MemoryBudget}, to which its memory returns when it is released,
 * on whatever thread. One that is written to beyond its end moves to memory of its own, as every
 * Netty buffer does; its place here is free then.
 *
 * <p>The object is used again for the same place, so that a message costs no allocation. Two
 * classes because Netty has two: with {@code Unsafe} and without.
 */
public final class Piece {
  /** How Netty sees it. */
  private final Buffer buffer;

  private final MemoryBudget budget;
  final int block;
  final int order;

  /** Whose it is. Written by the budget under its lock, before the buffer is handed out. */
  @Nullable ConnectionMemory owner;

  /** Whether it is the one that its owner was promised, and not of the shared memory. */
  boolean own;

  private Piece(MemoryBudget budget, ByteBuffer memory, int block, int order) {
    this.budget = budget;
    this.block = block;
    this.order = order;
    this.buffer =
        PlatformDependent.hasUnsafe()
            ? new WithUnsafe(this, memory)
            : new WithoutUnsafe(this, memory);
  }

  static Piece of(MemoryBudget budget, ByteBuffer memory, int block, int order) {
    return new Piece(budget, memory, block, order);
  }

  int bytes() {
    return MemoryBudget.SMALLEST << order;
  }

  /** An empty buffer with one reference. */
  ByteBuf fresh() {
    return buffer.fresh();
  }

  /** Whether a buffer is such a piece, or a part of one, and so is accounted for already. */
  public static boolean isPiece(ByteBuf buf) {
    ByteBuf root = buf;
    for (ByteBuf inner; (inner = root.unwrap()) != null; ) {
      root = inner;
    }
    return root instanceof Buffer;
  }

  private void released(boolean moved) {
    budget.give(this, !moved);
  }

  private interface Buffer {
    ByteBuf fresh();
  }

  private static final class WithUnsafe extends UnpooledUnsafeDirectByteBuf implements Buffer {
    private final Piece piece;
    private boolean moved;

    WithUnsafe(Piece piece, ByteBuffer memory) {
      super(ByteBufAllocator.DEFAULT, memory, Integer.MAX_VALUE);
      this.piece = piece;
    }

    @Override
    public ByteBuf fresh() {
      resetRefCnt();
      clear();
      markReaderIndex();
      markWriterIndex();
      return this;
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
      moved |= newCapacity != capacity();
      return super.capacity(newCapacity);
    }

    @Override
    protected void deallocate() {
      if (moved) {
        super.deallocate();
      }
      piece.released(moved);
    }
  }

  private static final class WithoutUnsafe extends UnpooledDirectByteBuf implements Buffer {
    private final Piece piece;

    /** Of the place here, so that a message need not ask for it; 0 if that cannot be asked. */
    private final long address;

    private boolean moved;

    WithoutUnsafe(Piece piece, ByteBuffer memory) {
      super(ByteBufAllocator.DEFAULT, memory, Integer.MAX_VALUE);
      this.piece = piece;
      this.address = super.hasMemoryAddress() ? super.memoryAddress() : 0;
    }

    @Override
    public boolean hasMemoryAddress() {
      return moved ? super.hasMemoryAddress() : address != 0;
    }

    @Override
    public long memoryAddress() {
      if (moved || address == 0) {
        return super.memoryAddress();
      }
      ensureAccessible();
      return address;
    }

    @Override
    public ByteBuf fresh() {
      resetRefCnt();
      clear();
      markReaderIndex();
      markWriterIndex();
      return this;
    }

    @Override
    public ByteBuf capacity(int newCapacity) {
      moved |= newCapacity != capacity();
      return super.capacity(newCapacity);
    }

    @Override
    protected void deallocate() {
      if (moved) {
        super.deallocate();
      }
      piece.released(moved);
    }
  }
}
