package dev.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where the datagrams of one socket are received into, and how many of them in a round. They are
 * copied out of there, to buffers of just their size: else a datagram of ten bytes would hold on to
 * a place for the longest there can be, and one of a batch to the places of all.
 *
 * <p>A place has one byte more than the socket takes, by which one that is too long is known: no
 * transport passes the kernel's own flag on.
 */
final class DatagramBuffers implements RecvByteBufAllocator {
  /** In a round, before other sockets are served. Guessed: some 50 us. */
  static final int ROUND = 64;

  /** With the JDK's selectors all of a round are received before the first is copied. Netty's. */
  private static final int COLLECTED = 16;

  private final DatagramInbox inbox;
  private final int place;
  private final int batch;
  private final ByteBuf slab;

  /**
   * For one socket.
   *
   * @param place bytes for each datagram
   * @param batch how many one system call receives; 1 if it is one each
   * @param slab the loop's, used again in each round; an empty one for buffers that are under way
   *     for as long as it takes
   */
  DatagramBuffers(DatagramInbox inbox, int place, int batch, ByteBuf slab) {
    this.inbox = inbox;
    this.place = place;
    this.batch = batch;
    this.slab = slab;
  }

  /** How many datagrams one system call can receive. */
  static int batch(int most, int place, int slabBytes) {
    return most == 1 ? 1 : Math.max(2, Math.min(most, slabBytes / place));
  }

  @Override
  @SuppressWarnings("deprecation") // Netty's own interface is declared this way
  public Handle newHandle() {
    return new Round();
  }

  @SuppressWarnings("deprecation")
  private final class Round implements ExtendedHandle {
    private int received;
    private int attempted;
    private int last;

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      if (slab.capacity() == 0) {
        return allocator.directBuffer(place, place);
      }
      int start = batch == 1 ? received * place : 0;
      return slab.retainedSlice(start, batch * place).setIndex(0, 0);
    }

    @Override
    public int guess() {
      return place;
    }

    @Override
    public void reset(ChannelConfig config) {
      received = 0;
    }

    @Override
    public void incMessagesRead(int count) {
      received += count;
    }

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    /** A batch that was not filled has taken all there was. */
    @Override
    public boolean continueReading() {
      boolean more = batch == 1 ? received < COLLECTED : received < ROUND && last >= attempted;
      return more && slab.capacity() > 0 && !inbox.isFull() && !inbox.isClosed();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return continueReading();
    }

    @Override
    public void readComplete() {}
  }
}
