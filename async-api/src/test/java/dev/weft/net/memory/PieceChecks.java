package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Net;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What a receive buffer has to do, whichever of Netty's two kinds it is. Also a program, since what
 * kind it is is decided once in a JVM.
 */
final class PieceChecks {
  private final MemoryBudget budget = new MemoryBudget(MemoryBudget.CHUNK);
  private final Account account = Account.open(budget);

  private PieceChecks() {}

  /** Says which kind it was. */
  public static void main(String[] args) throws Exception {
    all();
    System.out.println("well, with Unsafe: " + PlatformDependent.hasUnsafe());
  }

  static void all() throws Exception {
    new PieceChecks().isAsNewEachTime();
    new PieceChecks().returnsWithTheLastReference();
    new PieceChecks().returnsFromAnyThread();
    new PieceChecks().movesWhenItIsTooSmall();
    new PieceChecks().overlapsNoOther();
  }

  private ByteBuf take(int bytes) {
    ByteBuf buf = Objects.requireNonNull(account.memory.take(bytes));
    assertThat(buf.capacity()).isEqualTo(bytes);
    assertThat(buf.refCnt()).isOne();
    assertThat(buf.readerIndex()).isZero();
    assertThat(buf.writerIndex()).isZero();
    return buf;
  }

  private void end() throws Exception {
    assertThat(budget.used()).isZero();
    account.memory.close();
    assertThat(budget.promised()).isZero();
    budget.close();
    Net.await("the chunk is freed", () -> budget.committed() == 0);
  }

  private void isAsNewEachTime() throws Exception {
    for (int bytes : new int[] {512, 2048, 4096, 16384}) {
      ByteBuf first = take(bytes);
      first.writeZero(bytes).skipBytes(3).markReaderIndex().markWriterIndex();
      first.release();
      ByteBuf second = take(bytes);
      second.resetReaderIndex().resetWriterIndex();
      assertThat(second.readerIndex()).isZero();
      assertThat(second.writerIndex()).isZero();
      second.release();
    }
    end();
  }

  private void returnsWithTheLastReference() throws Exception {
    ByteBuf buf = take(2048);
    buf.writeZero(2048);
    ByteBuf slice = buf.retainedSlice(100, 200);
    ByteBuf duplicate = slice.retainedDuplicate();
    assertThat(Piece.isPiece(buf)).isTrue();
    assertThat(Piece.isPiece(slice)).isTrue();
    assertThat(Piece.isPiece(duplicate.asReadOnly())).isTrue();
    buf.release();
    slice.release();
    assertThat(budget.used()).isEqualTo(2048);
    duplicate.setByte(0, 7);
    assertThat(duplicate.getByte(0)).isEqualTo((byte) 7);
    duplicate.release();
    assertThat(budget.used()).isZero();
    ByteBuf elsewhere = Net.buf("elsewhere");
    assertThat(Piece.isPiece(elsewhere)).isFalse();
    elsewhere.release();
    end();
  }

  private void returnsFromAnyThread() throws Exception {
    ByteBuf buf = take(2048);
    Thread other = new Thread(buf::release);
    other.start();
    other.join();
    assertThat(budget.used()).isZero();
    end();
  }

  private void movesWhenItIsTooSmall() throws Exception {
    for (int bytes : new int[] {512, 2048}) {
      long address = 0;
      for (int round = 0; round < 3; round++) {
        ByteBuf buf = take(bytes);
        buf.writeLong(4711).writeZero(bytes - 8);
        if (buf.hasMemoryAddress()) {
          assertThat(round == 0 || buf.memoryAddress() == address).as("the same place").isTrue();
          address = buf.memoryAddress();
        }
        buf.writeLong(4712);
        assertThat(buf.capacity()).isGreaterThanOrEqualTo(bytes + 8);
        assertThat(buf.getLong(0)).isEqualTo(4711);
        assertThat(buf.getLong(bytes)).isEqualTo(4712);
        assertThat(budget.used()).isEqualTo(bytes);
        buf.release();
        assertThat(budget.used()).isZero();
      }
      ByteBuf shrunk = take(bytes);
      shrunk.capacity(bytes / 2);
      shrunk.release();
      take(bytes).release();
    }
    end();
  }

  private void overlapsNoOther() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<ByteBuf> held = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      ByteBuf buf = random.nextInt(3) == 0 ? null : account.memory.take(512 << random.nextInt(4));
      if (buf != null) {
        int mark = step;
        while (buf.isWritable(4)) {
          buf.writeInt(mark);
        }
        held.add(buf);
      } else if (!held.isEmpty()) {
        ByteBuf old = held.remove(random.nextInt(held.size()));
        int mark = old.readInt();
        while (old.isReadable()) {
          assertThat(old.readInt()).as("seed %s", seed).isEqualTo(mark);
        }
        old.release();
      }
    }
    held.forEach(ByteBuf::release);
    end();
  }
}
