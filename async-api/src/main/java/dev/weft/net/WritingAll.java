package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A write of several buffers, or of more bytes than are to be copied at once. One at a time, as
 * each must be accepted before the next one is written.
 *
 * <p>It goes on inside whatever accepts a buffer, the loop mostly; {@link #run} is not entered
 * twice at a time, as it leaves before what it waits for can end.
 */
final class WritingAll extends Task<@Nullable Void> {
  /** Bytes that are copied at a time: the default of {@link TcpOptions#sendLimit}. */
  static final int PART = 64 * 1024;

  /** What is left to be written. */
  interface Rest {
    /** The next buffer, to the caller; or null. */
    @Nullable ByteBuf next();

    /** Frees what is left. */
    void drop();
  }

  private final ByteStream stream;
  private final Rest rest;
  private volatile @Nullable Task<?> current;

  private WritingAll(ByteStream stream, Rest rest) {
    this.stream = stream;
    this.rest = rest;
  }

  static Task<@Nullable Void> of(ByteStream stream, List<ByteBuf> bufs) {
    return start(stream, new Bufs(new ArrayDeque<>(bufs)));
  }

  static Task<@Nullable Void> of(ByteStream stream, ByteBufAllocator allocator, byte[] bytes) {
    return start(stream, new Bytes(allocator, bytes));
  }

  /** Without a task of its own if nothing has to be waited for. */
  private static Task<@Nullable Void> start(ByteStream stream, Rest rest) {
    for (ByteBuf next; (next = rest.next()) != null; ) {
      Task<@Nullable Void> write = stream.write(next);
      if (!write.isDone()) {
        WritingAll all = new WritingAll(stream, rest);
        all.await(write);
        return all;
      }
      if (write.isCompletedExceptionally()) {
        rest.drop();
        return write;
      }
    }
    return Async.done();
  }

  private void run() {
    while (!isDone()) {
      ByteBuf next = rest.next();
      if (next == null) {
        complete(null);
        return;
      }
      Task<@Nullable Void> write = stream.write(next);
      if (!write.isDone() || write.isCompletedExceptionally()) {
        await(write);
        return;
      }
    }
    rest.drop(); // it was cancelled
  }

  private void await(Task<@Nullable Void> write) {
    current = write;
    write.whenComplete(
        (accepted, error) -> {
          if (error == null) {
            run();
          } else {
            rest.drop();
            completeExceptionally(error);
          }
        });
    if (isDone()) { // or who cancels it sees what it waits for
      write.cancel(false);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    Task<?> write = current;
    if (cancelled && write != null) {
      write.cancel(false);
    }
    return cancelled;
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }

  private record Bufs(Queue<ByteBuf> bufs) implements Rest {
    @Override
    public @Nullable ByteBuf next() {
      return bufs.poll();
    }

    @Override
    public void drop() {
      for (ByteBuf buf; (buf = bufs.poll()) != null; ) {
        buf.release();
      }
    }
  }

  private static final class Bytes implements Rest {
    private final ByteBufAllocator allocator;
    private final byte[] bytes;
    private int written;

    Bytes(ByteBufAllocator allocator, byte[] bytes) {
      this.allocator = allocator;
      this.bytes = bytes;
    }

    @Override
    public @Nullable ByteBuf next() {
      int part = Math.min(PART, bytes.length - written);
      if (part == 0) {
        return null;
      }
      ByteBuf buf = allocator.buffer(part, part).writeBytes(bytes, written, part);
      written += part;
      return buf;
    }

    @Override
    public void drop() {
      // nothing is made before it is written
    }
  }
}
