package dev.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where one connection's receive buffers come from: their size follows what arrives, and there are
 * none while the inbox is full.
 *
 * <p>The second is needed with epoll alone. Netty stops reading when auto-read is off, except when
 * the peer has hung up: then it reads to the end of the stream at once, which may be megabytes out
 * of the kernel's buffer, however full the inbox is. The only way to make it stop is to refuse the
 * buffer. It then reports {@link Full} to the pipeline, drops its interest in input, and reads on
 * when auto-read is switched on again.
 */
final class ReceiveBuffers implements RecvByteBufAllocator {
  /** At least 2 KiB: smaller ones cost a further system call for ordinary messages. Measured. */
  private static final int SMALLEST = 2 * 1024;

  /** Half of an inbox of the default size. Guessed. */
  private static final int LARGEST = 32 * 1024;

  private static final AdaptiveRecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(SMALLEST, SMALLEST, LARGEST);

  private final TcpStream stream;

  ReceiveBuffers(TcpStream stream) {
    this.stream = stream;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own interface is declared this way
  public Handle newHandle() {
    return new Sizing(SIZES.newHandle(), stream);
  }

  /** Says that reading has stopped because the inbox is full. Flow control, so it has no trace. */
  static final class Full extends RuntimeException {
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no trace that could mislead
    static final Full INSTANCE = new Full();

    private static final long serialVersionUID = 1;

    private Full() {
      super("the inbox is full", null, false, false);
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
      if (stream.refusesInput()) {
        throw Full.INSTANCE;
      }
      return super.allocate(allocator);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return ((ExtendedHandle) delegate()).continueReading(maybeMore);
    }
  }
}
