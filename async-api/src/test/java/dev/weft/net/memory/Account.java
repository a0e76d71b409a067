package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link MemoryBudget}, without a socket. */
final class Account {
  final ConnectionMemory memory;

  /** What it has and has not given back. */
  final List<ByteBuf> held = new ArrayList<>();

  /** How often it was told that it may read again. */
  final AtomicInteger told = new AtomicInteger();

  /** How often as its own piece was back. */
  final AtomicInteger back = new AtomicInteger();

  private Account(MemoryBudget budget, @Nullable MemoryGroup group) {
    memory =
        new ConnectionMemory(
            budget,
            group,
            () -> {
              told.incrementAndGet();
              back.incrementAndGet();
            },
            told::incrementAndGet);
  }

  static Account open(MemoryBudget budget) {
    return open(budget, null);
  }

  static Account open(MemoryBudget budget, @Nullable MemoryGroup group) {
    assertThat(budget.promise(group)).as("a promise").isTrue();
    return new Account(budget, group);
  }

  /** Takes a buffer and fills it, as a read would. */
  ByteBuf receive(int wanted) {
    ByteBuf buf = memory.take(wanted);
    assertThat(buf).as("what a connection that is not stopped is promised").isNotNull();
    buf.writeZero(buf.writableBytes());
    held.add(buf);
    memory.received();
    return buf;
  }

  /** Receives and keeps it all, until it has to stop. */
  void receiveUntilStopped() {
    while (!memory.isStopped()) {
      receive(MemoryBudget.LARGEST);
    }
  }

  /** In bytes. */
  long holds() {
    return held.stream().mapToLong(ByteBuf::capacity).sum();
  }

  /** The last one that it has received: once it has stopped, the piece that it was promised. */
  ByteBuf last() {
    return held.remove(held.size() - 1);
  }

  void release() {
    held.forEach(ByteBuf::release);
    held.clear();
  }

  void close() {
    release();
    memory.close();
  }
}
