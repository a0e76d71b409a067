package dev.weft.net;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where one connection's receive buffers come from: their size follows what arrives and what the
 * {@link MemoryBudget} has left, and there are none while the connection must not read.
 *
 * <p>Netty stops reading when auto-read is off, with one exception: with epoll, once the peer has
 * hung up, it reads to the end of the stream at once, which may be megabytes out of the kernel's
 * buffer, however full the inbox is. The only way to make it stop is to refuse the buffer. It then
 * reports {@link Full} to the pipeline, drops its interest in input, and reads on when auto-read is
 * switched on again. With io_uring a refusal would do harm (Netty schedules reads where nobody
 * catches it); there is none, since a read is armed only while the connection has the piece that it
 * was promised.
 */
final class ReceiveBuffers implements RecvByteBufAllocator {
  /** At least 2 KiB: smaller ones cost a further system call for ordinary messages. Measured. */
  private static final int SMALLEST = 2 * 1024;

  private static final AdaptiveRecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(SMALLEST, SMALLEST, MemoryBudget.LARGEST);

  private final TcpStream stream;

  ReceiveBuffers(TcpStream stream) {
    this.stream = stream;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own interface is declared this way
  public Handle newHandle() {
    return new Sizing(SIZES.newHandle(), stream);
  }

  /** Says that the connection must not read now. Flow control, so it has no trace. */
  static final class Full extends RuntimeException {
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no trace that could mislead
    static final Full INSTANCE = new Full();

    private static final long serialVersionUID = 1;

    private Full() {
      super("the connection must not read now", null, false, false);
    }
  }

  @SuppressWarnings("deprecation")
  private static final class Sizing extends DelegatingHandle implements ExtendedHandle {
    private final TcpStream stream;

    Sizing(Handle sizes, TcpStream stream) {
      super(sizes);
      this.stream = stream;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf buf = stream.refusesInput() ? null : stream.takeMemory(guess());
      if (buf == null) {
        throw Full.INSTANCE;
      }
      stream.turn().lent(buf.writableBytes());
      return LeakTracking.of(buf);
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      stream.turn().received(Math.max(bytes, 0));
      if (bytes == 0) {
        stream.onNothingToRead();
      }
    }

    @Override
    public boolean continueReading() {
      return !stream.turn().isOver() && super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return !stream.turn().isOver() && ((ExtendedHandle) delegate()).continueReading(maybeMore);
    }
  }

  /** Netty's detector of buffers that were never released; it watches as many as it is told to. */
  private abstract static class LeakTracking extends AbstractByteBufAllocator {
    static ByteBuf of(ByteBuf buf) {
      try {
        return toLeakAwareBuffer(buf);
      } catch (Throwable noHeap) {
        buf.release();
        throw noHeap;
      }
    }
  }
}
