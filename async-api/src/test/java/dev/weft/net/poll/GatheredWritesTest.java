package dev.weft.net.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.channel.uring.IoUringSocketChannel;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gathering write names is not touched as long as the kernel may still read it. */
class GatheredWritesTest {
  private static final byte OP_SEND = 26;
  private static final byte OP_WRITEV = 2;
  private static final int RING = 4;

  private final Submitted submitted = new Submitted();
  private final List<ByteBuf> bufs = new ArrayList<>();
  private GatheredWrites writes;
  private IoUringSocketChannel channel;
  private IoRegistration registration;

  /** Instead of the ring. */
  private static final class Submitted implements IoRegistration {
    final List<IoUringIoOps> all = new ArrayList<>();
    boolean full;

    @Override
    public long submit(IoOps ops) {
      if (full) {
        throw new IllegalStateException("no room in the ring");
      }
      all.add((IoUringIoOps) ops);
      return all.size();
    }

    @Override
    public <T> T attachment() {
      return null;
    }

    @Override
    public boolean isValid() {
      return true;
    }

    @Override
    public boolean cancel() {
      return false;
    }
  }

  @BeforeEach
  void open() {
    assumeTrue(IoUring.isAvailable());
    writes = new GatheredWrites(RING);
    channel = new IoUringSocketChannel();
    registration = writes.keeping(submitted, channel.unsafe());
  }

  @AfterEach
  void close() {
    if (channel != null) {
      while (channel.unsafe().outboundBuffer().remove()) {
        // releases one
      }
      channel.unsafe().closeForcibly();
      writes.release();
      bufs.forEach(ByteBuf::release);
    }
  }

  @Test
  void operationsCanBeToldApartWithTheNettyThatIsRequired() {
    assertThat(GatheredWrites.areKept()).isTrue();
  }

  @Test
  void whatIsNoGatheringWriteIsPassedOn() {
    IoUringIoOps send = operation(OP_SEND);
    registration.submit(send);
    assertThat(submitted.all).containsExactly(send);
  }

  @Test
  void aListStaysAsLongAsTheRingMayHoldItsWrite() throws Exception {
    flush(1, 2);
    registration.submit(operation(OP_WRITEV));
    List<Long> first = list(0);
    assertThat(first).containsExactly(address(0), 1L, address(1), 2L);

    for (int write = 1; write <= RING; write++) {
      flush(3);
      registration.submit(operation(OP_WRITEV));
      assertThat(list(0)).isEqualTo(first);
      assertThat(list(write)).hasSize(2 * (2 + write));
    }
  }

  @Test
  void aWriteThatTheQueueDoesNotTakeUsesNoListUp() throws Exception {
    flush(1, 2);
    registration.submit(operation(OP_WRITEV));
    List<Long> first = list(0);
    flush(3);
    submitted.full = true;
    for (int write = 0; write < 2 * RING; write++) {
      assertThatThrownBy(() -> registration.submit(operation(OP_WRITEV)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(list(0)).isEqualTo(first);
  }

  @Test
  void moreThanAListHoldsIsWrittenInParts() throws Exception {
    for (int i = 0; i < 100; i++) {
      flush(1);
    }
    registration.submit(operation(OP_WRITEV));
    assertThat(list(0)).hasSize(2 * 32).startsWith(address(0), 1L, address(1), 1L);
  }

  @Test
  void eachWriteHasAnIdOfItsOwnThatIsNotNone() throws Exception {
    flush(1, 1);
    for (int i = 0; i < 1 << 16; i++) {
      registration.submit(operation(OP_WRITEV));
    }
    int[] ids = new int[submitted.all.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) number(submitted.all.get(i), "userData");
    }
    assertThat(ids).doesNotContain(0);
    assertThat(ids[0]).isEqualTo(ids[ids.length - 1]); // after 65,535 others
    assertThat(Arrays.stream(ids).distinct().count()).isEqualTo((1 << 16) - 1);
  }

  private void flush(int... sizes) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    for (int size : sizes) {
      ByteBuf buf = Unpooled.directBuffer(size).writeZero(size);
      bufs.add(buf.retain());
      outbound.addMessage(buf, size, channel.voidPromise());
    }
    outbound.addFlush();
  }

  private long address(int buf) {
    return Buffer.memoryAddress(bufs.get(buf).nioBuffer());
  }

  /** The addresses and lengths that the write names now. */
  private List<Long> list(int write) throws Exception {
    IoUringIoOps ops = submitted.all.get(write);
    int longs = 2 * (int) number(ops, "len");
    ByteBuffer memory =
        Buffer.wrapMemoryAddressWithNativeOrder(number(ops, "union2"), longs * Long.BYTES);
    List<Long> list = new ArrayList<>();
    for (int i = 0; i < longs; i++) {
      list.add(memory.getLong(i * Long.BYTES));
    }
    return list;
  }

  private static long number(IoUringIoOps ops, String name) throws Exception {
    Method accessor = IoUringIoOps.class.getDeclaredMethod(name);
    accessor.setAccessible(true);
    return ((Number) accessor.invoke(ops)).longValue();
  }

  private static IoUringIoOps operation(byte opcode) {
    return new IoUringIoOps(
        opcode, (byte) 0, (short) 0, 7, 0, 0, 0, 0, 1L, (short) 0, (short) 0, 0, 0);
  }
}
