package dev.weft.net.memory;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One connection's account in a {@link MemoryBudget}: the piece that it was promised when it was
 * opened, and what it has of the shared memory.
 *
 * <p>A read that finds no shared memory takes the promised piece; when that has been filled, the
 * connection stops reading ({@link #isStopped}) until it is back. So there is a piece whenever a
 * read is armed, and arming one never fails.
 *
 * <p>The fields are the budget's, under its lock, but for {@link #stopped}, {@link #ownPiece} and
 * {@link #shared}, which may be looked at without.
 */
public final class ConnectionMemory {
  private final MemoryBudget budget;
  private final @Nullable MemoryGroup group;
  private final Runnable onBack;
  private final Runnable onRoom;

  long shared;
  long foreign;
  volatile @Nullable Piece ownPiece;
  volatile boolean stopped;
  boolean queued;
  boolean closed;

  /**
   * Takes over a promise that was made: see {@link MemoryBudget#promise}.
   *
   * @param onBack called on any thread when the connection may read again, as the piece that it was
   *     promised is back: it has itself dealt with what it received
   * @param onRoom the same, as others have given something back, whatever it has done; thousands
   *     may be told so at once
   */
  public ConnectionMemory(
      MemoryBudget budget, @Nullable MemoryGroup group, Runnable onBack, Runnable onRoom) {
    this.budget = budget;
    this.group = group;
    this.onBack = onBack;
    this.onRoom = onRoom;
  }

  @Nullable MemoryGroup group() {
    return group;
  }

  /**
   * How much of the shared memory it has, in bytes. By any thread, without the lock, so it may be
   * what was so a moment before.
   */
  public long shared() {
    return shared;
  }

  /**
   * A receive buffer of about the size wanted, or less.
   *
   * @return null while the connection is stopped
   */
  public @Nullable ByteBuf take(int wanted) {
    return budget.take(this, wanted);
  }

  /** Something was received; if it used the promised piece up, the connection stops reading. */
  public void received() {
    if (ownPiece != null) {
      budget.stop(this);
    }
  }

  /** Whether the piece that it was promised, the only one there is for it, is in use. */
  public boolean isOnPromise() {
    return ownPiece != null;
  }

  /** Whether it must not read now. */
  public boolean isStopped() {
    return stopped;
  }

  /** See {@link MemoryBudget#sendLimit}. */
  public int sendLimit() {
    return budget.sendLimit();
  }

  /**
   * How much of the memory of buffers from elsewhere, which were written, waits to be sent.
   *
   * @param bytes replaces what was said before
   */
  public void foreign(long bytes) {
    budget.foreign(this, bytes);
  }

  /** The connection is closed. What it has received may still be in use. */
  public void close() {
    budget.close(this);
  }

  void tellBack() {
    onBack.run();
  }

  void tellRoom() {
    onRoom.run();
  }
}
