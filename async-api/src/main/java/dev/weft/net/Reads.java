package dev.weft.net;

import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.Taker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The ways in which a stream's bytes can be read. See {@link ByteReader}. */
final class Reads {
  private Reads() {}

  static Task<ByteBuf> exactly(Inbox inbox, ByteBufAllocator allocator, int bytes) {
    atLeast("bytes", bytes, 0);
    if (bytes == 0) {
      return Settled.value(Unpooled.EMPTY_BUFFER);
    }
    return inbox.take(new Exactly(inbox, allocator, bytes));
  }

  static Task<@Nullable ByteBuf> until(
      Inbox inbox, ByteBufAllocator allocator, byte[] delimiter, int limit) {
    atLeast("the delimiter's length", delimiter.length, 1);
    atLeast("limit", limit, 0);
    return inbox.take(new Until(inbox, allocator, delimiter.clone(), limit));
  }

  static Task<@Nullable String> line(
      Inbox inbox, ByteBufAllocator allocator, int limit, Charset charset) {
    atLeast("limit", limit, 0);
    return inbox.take(new Line(inbox, allocator, limit, Objects.requireNonNull(charset)));
  }

  static Task<ByteBuf> all(Inbox inbox, ByteBufAllocator allocator, int limit) {
    atLeast("limit", limit, 0);
    return inbox.take(new All(inbox, allocator, limit));
  }

  static Task<ByteBuf> peek(Inbox inbox, ByteBufAllocator allocator, int bytes) {
    atLeast("bytes", bytes, 0);
    if (bytes == 0) {
      return Settled.value(Unpooled.EMPTY_BUFFER);
    }
    return inbox.take(new Peek(inbox, allocator, bytes));
  }

  static Task<Long> skip(Inbox inbox, long bytes) {
    atLeast("bytes", bytes, 0);
    return bytes == 0 ? Settled.value(0L) : inbox.take(new Skip(inbox, bytes));
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  /** One that ends with the bytes themselves. */
  private abstract static class Bytes<R extends @Nullable ByteBuf> extends Gathering<R> {
    final Inbox inbox;

    Bytes(Inbox inbox, ByteBufAllocator allocator) {
      super(inbox, allocator);
      this.inbox = inbox;
    }

    @Override
    @SuppressWarnings("unchecked") // R is ByteBuf, with null or without
    R result(ByteBuf bytes) {
      return (R) bytes;
    }

    @Override
    @Nullable ByteBuf bytesOf(R result) {
      return result;
    }
  }

  private static final class Exactly extends Bytes<ByteBuf> {
    private final int wanted;

    Exactly(Inbox inbox, ByteBufAllocator allocator, int wanted) {
      super(inbox, allocator);
      this.wanted = wanted;
    }

    @Override
    int find(ByteBuf bytes, int seen) {
      return bytes.readableBytes() >= wanted ? wanted : MORE;
    }

    @Override
    ByteBuf resultAtEnd(ByteBuf bytes) throws IOException {
      throw endedEarly(inbox.name(), bytes.readableBytes(), wanted);
    }
  }

  private static final class Until extends Bytes<@Nullable ByteBuf> {
    private final byte[] delimiter;
    private final int limit;

    Until(Inbox inbox, ByteBufAllocator allocator, byte[] delimiter, int limit) {
      super(inbox, allocator);
      this.delimiter = delimiter;
      this.limit = limit;
    }

    @Override
    int find(ByteBuf bytes, int seen) throws IOException {
      int from = Math.max(0, seen - delimiter.length + 1);
      int at = indexOf(bytes, delimiter, from);
      if (at < 0 ? bytes.readableBytes() >= (long) limit + delimiter.length : at > limit) {
        throw new TooLongException(
            inbox.name() + ": No delimiter within the limit of " + limit + " bytes");
      }
      return at < 0 ? MORE : at + delimiter.length;
    }

    @Override
    @Nullable ByteBuf resultAtEnd(ByteBuf bytes) throws IOException {
      if (bytes.readableBytes() > limit) {
        throw new TooLongException(
            inbox.name() + ": No delimiter within the limit of " + limit + " bytes");
      }
      return bytes.isReadable() ? bytes : null;
    }
  }

  /** Of the first occurrence that begins at or after an offset from the reader index; or -1. */
  private static int indexOf(ByteBuf bytes, byte[] delimiter, int from) {
    int start = bytes.readerIndex();
    int last = bytes.readableBytes() - delimiter.length;
    for (int at = from; at <= last; at++) {
      at = bytes.indexOf(start + at, start + last + 1, delimiter[0]) - start;
      if (at < 0) {
        return -1;
      }
      int i = 1;
      while (i < delimiter.length && bytes.getByte(start + at + i) == delimiter[i]) {
        i++;
      }
      if (i == delimiter.length) {
        return at;
      }
    }
    return -1;
  }

  private static final class Line extends Gathering<@Nullable String> {
    private final Inbox inbox;
    private final int limit;
    private final Charset charset;

    /** What the line is made of, with its end. */
    private byte @Nullable [] raw;

    Line(Inbox inbox, ByteBufAllocator allocator, int limit, Charset charset) {
      super(inbox, allocator);
      this.inbox = inbox;
      this.limit = limit;
      this.charset = charset;
    }

    @Override
    int find(ByteBuf bytes, int seen) throws IOException {
      int start = bytes.readerIndex();
      int at = bytes.indexOf(start + seen, bytes.writerIndex(), (byte) '\n') - start;
      if (at < 0) {
        if (bytes.readableBytes() > limit + 1L) { // one more could be a carriage return
          throw tooLong();
        }
        return MORE;
      }
      boolean carriageReturn = at > 0 && bytes.getByte(start + at - 1) == '\r';
      if (at - (carriageReturn ? 1 : 0) > limit) {
        throw tooLong();
      }
      return at + 1;
    }

    private TooLongException tooLong() {
      return new TooLongException(
          inbox.name() + ": A line is longer than the limit of " + limit + " bytes");
    }

    @Override
    String result(ByteBuf bytes) {
      byte[] all = ByteBufUtil.getBytes(bytes);
      raw = all;
      int length = all.length;
      if (all[length - 1] == '\n') {
        length--;
        if (length > 0 && all[length - 1] == '\r') {
          length--;
        }
      }
      return new String(all, 0, length, charset);
    }

    @Override
    @Nullable String resultAtEnd(ByteBuf bytes) throws IOException {
      if (bytes.readableBytes() > limit) {
        throw tooLong();
      }
      return bytes.isReadable() ? result(bytes) : null;
    }

    @Override
    void consumed(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    @Nullable ByteBuf bytesOf(@Nullable String result) {
      return raw == null ? null : Unpooled.wrappedBuffer(raw);
    }
  }

  private static final class All extends Bytes<ByteBuf> {
    private final int limit;

    All(Inbox inbox, ByteBufAllocator allocator, int limit) {
      super(inbox, allocator);
      this.limit = limit;
    }

    @Override
    int find(ByteBuf bytes, int seen) throws IOException {
      if (bytes.readableBytes() > limit) {
        throw new TooLongException(
            inbox.name() + ": There are more bytes than the limit of " + limit);
      }
      return MORE;
    }

    @Override
    ByteBuf resultAtEnd(ByteBuf bytes) {
      return bytes;
    }
  }

  private static final class Peek extends Bytes<ByteBuf> {
    private final int wanted;

    Peek(Inbox inbox, ByteBufAllocator allocator, int wanted) {
      super(inbox, allocator);
      this.wanted = wanted;
    }

    @Override
    boolean isTaking() {
      return false;
    }

    @Override
    int find(ByteBuf bytes, int seen) {
      return bytes.readableBytes() >= wanted ? wanted : MORE;
    }

    @Override
    ByteBuf resultAtEnd(ByteBuf bytes) {
      return bytes.copy();
    }

    @Override
    @Nullable ByteBuf bytesOf(ByteBuf result) {
      result.release();
      return null;
    }
  }

  /** Not a gathering one: what it drops is gone. */
  private static final class Skip extends Taker<Object, Long> {
    private final long wanted;
    private long skipped;
    private @Nullable ByteBuf rest;

    Skip(Inbox inbox, long wanted) {
      super(inbox);
      this.wanted = wanted;
    }

    @Override
    protected boolean absorb(Object item) {
      ByteBuf bytes = (ByteBuf) item;
      int now = (int) Math.min(wanted - skipped, bytes.readableBytes());
      skipped += now;
      bytes.skipBytes(now);
      if (bytes.isReadable()) {
        rest = bytes;
      } else {
        bytes.release();
      }
      return skipped == wanted;
    }

    @Override
    protected @Nullable Object rest() {
      ByteBuf left = rest;
      rest = null;
      return left;
    }

    @Override
    protected boolean enough() {
      complete(skipped);
      return true;
    }

    @Override
    protected @Nullable Object undo() {
      return null;
    }

    @Override
    protected boolean endOfItems() {
      complete(skipped);
      return true;
    }

    @Override
    protected void giveBack(Long result) {
      // dropped is dropped
    }
  }
}
