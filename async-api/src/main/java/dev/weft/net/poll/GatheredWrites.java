package dev.weft.net.poll;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.uring.IoUringIoOps;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the lists of buffers of one loop's writes until the kernel has read them.
 *
 * <p>A write of several buffers names them by a list in memory, which the kernel reads when the
 * write is submitted. Netty 4.2.18 takes every write of a loop for submitted when {@code
 * io_uring_enter} returns, and makes the next lists in the same place. But for want of memory the
 * kernel submits fewer than it was given; the writes that are left would then send what belongs to
 * another connection. So writes get lists of their own here, each used again only when as many of
 * them have come into the submission queue after it as that holds: the kernel takes them in order,
 * so that it has read that one by then.
 *
 * <p>That goes for all channels of the loop, a user's own too, but not for what Netty writes with
 * {@code sendmsg}: datagrams, and what is above the threshold if {@code
 * IO_URING_WRITE_ZERO_COPY_THRESHOLD} is set, which no stream of Weft does.
 *
 * <p>To tell which operation is such a write takes a look at what Netty does not show. Where that
 * is forbidden, by modules that are not open, its own lists are used.
 *
 * <p>Confined to the loop.
 */
final class GatheredWrites {
  // io_uring.h
  private static final byte OP_WRITEV = 2;

  /** Of one list; the rest is written by the next. Guessed. */
  private static final int MOST_BUFFERS = 32;

  /** Of an operation, as a byte; null if it cannot be told. */
  private static final @Nullable MethodHandle OPCODE = opcode();

  private final IovArray[] lists;
  private int next;
  private boolean released;

  /**
   * Makes the lists, all of them, as a worker is not to wait for direct memory later.
   *
   * @param ringSize the operations that the submission queue was asked to hold; the kernel rounds
   *     up to a power of 2
   */
  GatheredWrites(int ringSize) {
    int ring = Integer.highestOneBit(Math.max(1, ringSize - 1)) << 1;
    IovArray[] made = new IovArray[OPCODE == null ? 0 : ring + 1];
    int count = 0;
    try {
      for (; count < made.length; count++) {
        made[count] = new IovArray(MOST_BUFFERS);
      }
    } catch (Throwable noMemory) {
      while (count > 0) {
        made[--count].release();
      }
      throw noMemory;
    }
    lists = made;
  }

  private static @Nullable MethodHandle opcode() {
    try {
      return MethodHandles.privateLookupIn(IoUringIoOps.class, MethodHandles.lookup())
          .findVirtual(IoUringIoOps.class, "opcode", MethodType.methodType(byte.class));
    } catch (ReflectiveOperationException forbidden) {
      return null;
    }
  }

  /** Whether operations can be told apart. */
  static boolean areKept() {
    return OPCODE != null;
  }

  private static boolean isGathered(IoUringIoOps ops) {
    if (OPCODE == null) {
      return false;
    }
    try {
      return (byte) OPCODE.invokeExact(ops) == OP_WRITEV;
    } catch (Throwable never) {
      throw new IllegalStateException("an accessor has failed", never);
    }
  }

  /** What a channel is registered with, so that its writes are kept here. */
  IoRegistration keeping(IoRegistration registration, Channel.Unsafe unsafe) {
    return lists.length == 0 ? registration : new Keeping(registration, unsafe);
  }

  /** Frees the memory. When nobody enters the ring any more. */
  void release() {
    released = true;
    for (IovArray list : lists) {
      list.release();
    }
  }

  private final class Keeping extends ForwardedRegistration {
    private final Channel.Unsafe unsafe;

    /** Of the last write, so that one is not cancelled for another. */
    private short id;

    Keeping(IoRegistration registration, Channel.Unsafe unsafe) {
      super(registration);
      this.unsafe = unsafe;
    }

    @Override
    public long submit(IoOps ops) {
      ChannelOutboundBuffer outbound = unsafe.outboundBuffer();
      if (!isGathered((IoUringIoOps) ops) || outbound == null || released) {
        return registration.submit(ops);
      }
      long token = registration.submit(kept(outbound));
      if (token != 0) { // nor has it thrown: it is in the queue, and keeps the list
        next = next + 1 == lists.length ? 0 : next + 1;
      }
      return token;
    }

    /** The same write, or the first part of it. Netty has the rest written when that is done. */
    private IoOps kept(ChannelOutboundBuffer outbound) {
      IovArray list = lists[next];
      list.clear();
      try {
        outbound.forEachFlushedMessage(list);
      } catch (Exception never) {
        throw new IllegalStateException("a list of buffers could not be made", never);
      }
      int fd = ((UnixChannel) unsafe.voidPromise().channel()).fd().intValue();
      id = (short) (id == -1 ? 1 : id + 1); // 0 is none
      long start = list.memoryAddress(0);
      return new IoUringIoOps(
          OP_WRITEV,
          (byte) 0,
          (short) 0,
          fd,
          0,
          start,
          list.count(),
          0,
          (long) id,
          (short) 0,
          (short) 0,
          0,
          0);
    }
  }
}
