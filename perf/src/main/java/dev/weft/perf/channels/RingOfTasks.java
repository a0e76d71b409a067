package dev.weft.perf.channels;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.perf.scheduler.Contenders;
import dev.weft.sync.Mpsc;
import dev.weft.sync.MpscReceiver;
import dev.weft.sync.MpscSender;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost to hand a message from one task to the next, which waits for
 * it? Eight tasks in a ring, with one message. One operation is one hand-over: a send, a wake-up, a
 * task switch, a receive.
 *
 * <p><b>What would change the answer:</b> more messages than one, of which several workers have
 * something to do at a time.
 *
 * <p><b>What it does not show:</b> how many messages a second a channel takes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "-Djdk.virtualThreadScheduler.parallelism=2",
      "-Djdk.virtualThreadScheduler.maxPoolSize=2"
    })
public class RingOfTasks {
  static final int TASKS = 8;
  static final int ROUNDS = 1_000;

  /** Channels that hold one message. */
  @Benchmark
  @OperationsPerInvocation(TASKS * ROUNDS)
  public void weft(Contenders.Weft weft) throws Exception {
    ring(weft, () -> Mpsc.bounded(1));
  }

  /** Channels that hold none. */
  @Benchmark
  @OperationsPerInvocation(TASKS * ROUNDS)
  public void weftRendezvous(Contenders.Weft weft) throws Exception {
    ring(weft, Mpsc::rendezvous);
  }

  private static void ring(Contenders.Weft weft, Supplier<Mpsc<Integer>> maker) throws Exception {
    List<Mpsc<Integer>> ring = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      ring.add(maker.get());
    }
    List<Task<@Nullable Void>> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      MpscReceiver<Integer> from = ring.get(i).receiver();
      MpscSender<Integer> to = ring.get((i + 1) % TASKS).sender();
      boolean first = i == 0;
      tasks.add(weft.executor().spawn(() -> pass(from, to, first)));
    }
    for (Task<@Nullable Void> task : tasks) {
      task.get();
    }
  }

  private static CompletableFuture<@Nullable Void> pass(
      MpscReceiver<Integer> from, MpscSender<Integer> to, boolean first) {
    if (first) {
      await(to.send(0));
    }
    for (int round = 1; round < ROUNDS; round++) {
      @Nullable Integer message = await(from.receive());
      await(to.send(Objects.requireNonNull(message)));
    }
    await(from.receive());
    if (!first) {
      await(to.send(0));
    }
    return Async.done();
  }

  /** Virtual threads with the JDK's queue for one message. */
  @Benchmark
  @OperationsPerInvocation(TASKS * ROUNDS)
  public void virtualThreadArrayBlockingQueue() throws Exception {
    threads(() -> new ArrayBlockingQueue<>(1));
  }

  /** Virtual threads with the JDK's rendezvous. */
  @Benchmark
  @OperationsPerInvocation(TASKS * ROUNDS)
  public void virtualThreadSynchronousQueue() throws Exception {
    threads(SynchronousQueue::new);
  }

  private static void threads(Supplier<BlockingQueue<Integer>> maker) throws Exception {
    List<BlockingQueue<Integer>> ring = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      ring.add(maker.get());
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      BlockingQueue<Integer> from = ring.get(i);
      BlockingQueue<Integer> to = ring.get((i + 1) % TASKS);
      boolean first = i == 0;
      threads.add(Contenders.startVirtual(() -> passBlocking(from, to, first)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void passBlocking(
      BlockingQueue<Integer> from, BlockingQueue<Integer> to, boolean first) {
    try {
      if (first) {
        to.put(0);
      }
      for (int round = 1; round < ROUNDS; round++) {
        to.put(from.take());
      }
      from.take();
      if (!first) {
        to.put(0);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
