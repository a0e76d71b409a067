package dev.weft.net;

import dev.weft.net.memory.MemoryBudget;
import dev.weft.net.poll.ReadRefused;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where one connection's receive buffers come from: their size follows what arrives and what the
 * {@link MemoryBudget} has left, and there are none while the connection must not read.
 *
 * <p>Where Netty would read all the same, the buffer is refused ({@link ReadRefused}). With
 * io_uring a refusal would do harm (Netty schedules reads where nobody catches it); there is none,
 * since a read is armed only while the connection has the piece that it was promised.
 */
final class ReceiveBuffers implements RecvByteBufAllocator {
  /** At least 2 KiB: smaller ones cost a further system call for ordinary messages. Measured. */
  static final int SMALLEST = 2 * 1024;

  private static final AdaptiveRecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(SMALLEST, SMALLEST, MemoryBudget.LARGEST);

  private final Intake intake;

  @SuppressWarnings("deprecation") // Netty's own interface is declared this way
  private final Handle sizes = SIZES.newHandle();

  ReceiveBuffers(Intake intake) {
    this.intake = intake;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own interface is declared this way
  public Handle newHandle() {
    return new Sizing(sizes, intake); // once, for the one channel
  }

  /**
   * So much has arrived, past Netty, in a buffer that was as large. On the loop.
   *
   * @return which size the next one is to have
   */
  int record(ChannelConfig config, int room, int bytes) {
    sizes.reset(config);
    sizes.attemptedBytesRead(room);
    sizes.lastBytesRead(bytes);
    sizes.readComplete();
    return sizes.guess();
  }

  @SuppressWarnings("deprecation")
  private static final class Sizing extends DelegatingHandle implements ExtendedHandle {
    private final Intake intake;

    Sizing(Handle sizes, Intake intake) {
      super(sizes);
      this.intake = intake;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf buf = intake.isRefused() ? null : intake.takeMemory(guess());
      if (buf == null) {
        throw ReadRefused.INSTANCE;
      }
      intake.turn().lent(buf.writableBytes());
      return LeakTracking.of(buf);
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      intake.turn().received(Math.max(bytes, 0));
      if (bytes == 0) {
        intake.onNothingToRead();
      }
    }

    @Override
    public void readComplete() {
      super.readComplete();
      intake.expect(guess());
    }

    @Override
    public boolean continueReading() {
      return !intake.turn().isOver() && super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return !intake.turn().isOver() && ((ExtendedHandle) delegate()).continueReading(maybeMore);
    }
  }

  /** A buffer that was received in another way, watched as those are. */
  static ByteBuf tracked(ByteBuf buf) {
    return LeakTracking.of(buf);
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
