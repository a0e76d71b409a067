package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Net;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Many connections of two loops, whose buffers are released by the loops and by other threads: a
 * connection that is not stopped always gets a buffer, one that is stopped is told when it may go
 * on, and nothing is lost or counted twice.
 */
class MemoryStressTest {
  private static final int LOOPS = 2;
  private static final int STEPS = 40_000;
  private static final int CONNECTIONS = 60;

  private final long seed = new Random().nextLong();

  /** So little that most of it is in use most of the time. */
  private final MemoryBudget budget = new MemoryBudget(2L * MemoryBudget.CHUNK);

  private final MemoryGroup group = new MemoryGroup(MemoryBudget.CHUNK / 2);

  /** Buffers that other threads release. */
  private final ConcurrentLinkedQueue<ByteBuf> handedOver = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean ended = new AtomicBoolean();

  /** As a stream has it: only its loop reads, and it reads unless it is stopped. */
  private final class Connection {
    final ConnectionMemory memory;
    final ArrayDeque<ByteBuf> inbox = new ArrayDeque<>();

    /** What the last look at {@link ConnectionMemory#isStopped} has said; the loop goes by that. */
    volatile boolean reading = true;

    Connection(@Nullable MemoryGroup group) {
      memory = new ConnectionMemory(budget, group, this::updateInterest, this::updateInterest);
    }

    /** A stream has its loop do that; here the loop looks for itself when it is told. */
    synchronized void updateInterest() {
      reading = !memory.isStopped();
    }

    void read(Random random) {
      ByteBuf buf = memory.take(1 << random.nextInt(16));
      assertThat(buf).as("seed %s: what was promised", seed).isNotNull();
      if (random.nextInt(8) == 0) { // there was nothing to read
        buf.release();
        return;
      }
      buf.writeZero(1 + random.nextInt(buf.writableBytes()));
      inbox.add(buf);
      memory.received();
      updateInterest();
    }
  }

  private final class Loop implements Runnable {
    private final Random random;
    private final List<Connection> connections = new ArrayList<>();

    Loop(long seed) {
      random = new Random(seed);
    }

    @Override
    public void run() {
      for (int step = 0; step < STEPS; step++) {
        if (connections.size() < CONNECTIONS / LOOPS && random.nextInt(4) == 0) {
          open();
        }
        if (!connections.isEmpty()) {
          serve(connections.get(random.nextInt(connections.size())));
        }
        assertThat(budget.promised()).isLessThanOrEqualTo(budget.limit() / 4 * 3);
      }
    }

    private void open() {
      MemoryGroup ofOne = random.nextBoolean() ? group : null;
      if (budget.promise(ofOne)) {
        connections.add(new Connection(ofOne));
      }
    }

    private void serve(Connection connection) {
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3, 4 -> {
          if (connection.reading) {
            connection.read(random);
          }
        }
        case 5, 6, 7 -> {
          ByteBuf buf = connection.inbox.poll();
          if (buf != null && random.nextBoolean()) {
            buf.release();
          } else if (buf != null) {
            handedOver.add(buf);
          }
        }
        case 8 -> connection.memory.foreign(random.nextInt(3) * random.nextInt(4096));
        default -> {
          if (random.nextInt(20) == 0) {
            connections.remove(connection);
            connection.memory.close();
            connection.inbox.forEach(ByteBuf::release);
          }
        }
      }
    }
  }

  private void releaseWhatIsHandedOver() {
    while (!ended.get() || !handedOver.isEmpty()) {
      ByteBuf buf = handedOver.poll();
      if (buf == null) {
        Thread.yield();
      } else {
        buf.release();
      }
    }
  }

  @RepeatedTest(3)
  void nothingIsLostAndNobodyIsForgotten() throws Exception {
    List<Loop> loops = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < LOOPS; i++) {
        loops.add(new Loop(seed + i));
        running.add(threads.submit(loops.get(i)));
      }
      Future<?> releaser = threads.submit(this::releaseWhatIsHandedOver);
      for (Future<?> one : running) {
        Net.get(one);
      }
      ended.set(true);
      Net.get(releaser);
    } finally {
      ended.set(true);
      threads.shutdown();
    }
    List<Connection> left = loops.stream().flatMap(loop -> loop.connections.stream()).toList();
    assertThat(left).as("seed %s", seed).isNotEmpty();
    long held = left.stream().flatMap(one -> one.inbox.stream()).mapToLong(ByteBuf::capacity).sum();
    left.forEach(one -> one.memory.foreign(0));
    assertThat(budget.used()).as("seed %s", seed).isEqualTo(held);
    allButOnePieceEachComesBack(left);
    endAll(left);
  }

  /** Those that have stopped go on, though they keep what they were promised. */
  private void allButOnePieceEachComesBack(List<Connection> left) throws InterruptedException {
    for (Connection one : left) {
      one.inbox.stream().limit(Math.max(0, one.inbox.size() - 1)).forEach(ByteBuf::release);
      while (one.inbox.size() > 1) {
        one.inbox.remove();
      }
    }
    Net.await("all go on (seed " + seed + ")", () -> left.stream().allMatch(one -> one.reading));
    assertThat(left).as("seed %s", seed).noneMatch(one -> one.memory.isStopped());
  }

  private void endAll(List<Connection> left) throws InterruptedException {
    for (Connection one : left) {
      one.inbox.forEach(ByteBuf::release);
      one.memory.close();
    }
    assertThat(budget.used()).as("seed %s", seed).isZero();
    assertThat(budget.promised()).as("seed %s", seed).isZero();
    assertThat(group.used).as("seed %s", seed).isZero();
    budget.close();
    Net.await("the chunks are freed", () -> budget.committed() == 0);
  }
}
