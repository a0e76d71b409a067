package dev.weft.net;

import dev.weft.handoff.HandOff;
import dev.weft.handoff.Taker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read that takes a number of bytes which depends on what they are. What has arrived and is not
 * enough is copied, and the receive buffer goes back to its memory at once: whoever waits for the
 * rest of a line must not hold what the rest is to be received into, and a peer that sends a byte
 * at a time must not hold a buffer for each.
 *
 * @param <R> the type of the result
 */
abstract class Gathering<R extends @Nullable Object> extends Taker<Object, R> {
  /** Up to so many bytes are copied out of a buffer of which the rest is still to be read. */
  private static final int COPIED = 1024;

  /** The least that is allocated for what is not enough. Guessed. */
  private static final int SMALLEST = 256;

  /** No number of bytes would be enough yet. */
  static final int MORE = -1;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf gathered;
  private @Nullable ByteBuf rest;
  private @Nullable Throwable refusal;

  /** Whether {@link #gathered} is what was enough. */
  private boolean found;

  /** Of what is gathered, how much {@link #find} has seen. */
  private int seen;

  Gathering(HandOff<Object> source, ByteBufAllocator allocator) {
    super(source);
    this.allocator = allocator;
  }

  /**
   * How many bytes of those that have arrived are enough, or {@link #MORE}. Under a lock.
   *
   * @param bytes read from its reader index on; not to be moved
   * @param seen how many of them it was asked about before
   * @throws IOException if there are too many
   */
  abstract int find(ByteBuf bytes, int seen) throws IOException;

  /** Makes the result of just the bytes that are enough. */
  abstract R result(ByteBuf bytes);

  /** The result has been handed out: releases the bytes, unless they are the result. */
  void consumed(ByteBuf bytes) {}

  /** The bytes of a result that reaches nobody; null if it has none that were taken. */
  abstract @Nullable ByteBuf bytesOf(R result);

  /** Whether it takes what it has found; else the result is made of a copy. */
  boolean isTaking() {
    return true;
  }

  /**
   * What the stream's end makes of what has arrived, which may be nothing.
   *
   * @throws IOException if that is a failure; then nothing is taken
   */
  abstract @Nullable R resultAtEnd(ByteBuf bytes) throws IOException;

  @Override
  protected final boolean absorb(Object item) {
    ByteBuf next = (ByteBuf) item;
    boolean first = gathered == null;
    ByteBuf all;
    try {
      all = first ? next : append(next);
    } catch (Throwable noMemory) {
      refusal = noMemory;
      rest = next;
      return true;
    }
    try {
      int enough = find(all, seen);
      if (enough != MORE) {
        cut(all, enough);
        return true;
      }
      seen = all.readableBytes();
      gathered = first ? copy(next) : all;
      return false;
    } catch (Throwable refused) { // too many, or no memory
      refusal = refused;
      gathered = all;
      return true;
    }
  }

  private ByteBuf append(ByteBuf next) {
    ByteBuf all = Objects.requireNonNull(gathered);
    all.writeBytes(next);
    next.release();
    return all;
  }

  private ByteBuf copy(ByteBuf next) {
    ByteBuf copy = allocator.buffer(Math.max(SMALLEST, next.readableBytes()));
    copy.writeBytes(next); // which fits
    next.release();
    return copy;
  }

  private void cut(ByteBuf all, int enough) {
    if (!isTaking()) {
      gathered = allocator.buffer(enough).writeBytes(all, all.readerIndex(), enough);
      rest = all;
    } else if (enough == all.readableBytes()) {
      gathered = all;
    } else {
      gathered =
          enough <= COPIED
              ? allocator.buffer(enough).writeBytes(all, enough)
              : all.readRetainedSlice(enough);
      rest = all;
    }
    found = true; // last: without memory for it, nothing is
  }

  @Override
  protected final @Nullable Object rest() {
    ByteBuf left = rest;
    rest = null;
    return left;
  }

  @Override
  protected final boolean enough() {
    Throwable failure = refusal;
    if (failure != null) {
      completeExceptionally(failure);
      return false;
    }
    ByteBuf all = gathered;
    if (all == null) {
      throw new IllegalStateException("nothing was gathered");
    }
    return end(result(all), all);
  }

  private boolean end(@Nullable R result, ByteBuf bytes) {
    if (!complete(result)) {
      return false;
    }
    consumed(bytes);
    return true;
  }

  @Override
  protected final @Nullable Object undo() {
    ByteBuf all = gathered;
    gathered = null;
    if (all != null && found && !isTaking()) {
      all.release();
      return null;
    }
    return all;
  }

  @Override
  protected final int absorbed() {
    ByteBuf all = gathered;
    return all == null ? 0 : all.readableBytes();
  }

  @Override
  protected final boolean endOfItems() {
    ByteBuf all = gathered == null ? Unpooled.EMPTY_BUFFER : gathered;
    try {
      R result = resultAtEnd(all);
      if (end(result, all)) {
        return isTaking();
      }
      if (!isTaking() && result != null) {
        bytesOf(result); // which releases the copy
      }
      return false;
    } catch (IOException failure) {
      completeExceptionally(failure);
      return false;
    }
  }

  @Override
  protected final void giveBack(R result) {
    ByteBuf bytes = bytesOf(result);
    if (bytes != null) {
      putBack(bytes);
    }
  }

  /** For a reader to which the end of the stream comes too early. */
  static EOFException endedEarly(String stream, int have, int want) {
    return new EOFException(
        stream + ": The stream has ended after " + have + " of " + want + " bytes");
  }
}
