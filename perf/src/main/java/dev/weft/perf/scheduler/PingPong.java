package dev.weft.perf.scheduler;

import dev.weft.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
 * <b>Question:</b> what does it cost when two tasks wake each other once? Tokio's {@code
 * ping_pong}: a task starts 1,000 tasks, each of which starts a partner, wakes it, and waits to be
 * woken by it. One operation is a pair: two tasks, two futures, two wake-ups.
 *
 * <p><b>What would change the answer:</b> partners on different workers.
 *
 * <p><b>What it does not show:</b> how long the one waits for the other. The pool's tasks cannot
 * wait; the second half of each is a dependent of the future that it waits for.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class PingPong {
  static final int PAIRS = 1_000;

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void weft(Contenders.Weft weft) throws Exception {
    Done done = new Done(PAIRS);
    weft.executor.spawn(
        () -> {
          for (int i = 0; i < PAIRS; i++) {
            weft.executor.spawn(() -> WeftTasks.ping(done));
          }
          return Async.done();
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void forkJoinPool(Contenders.Pool contender) throws Exception {
    Done done = new Done(PAIRS);
    contender.pool.execute(
        () -> {
          for (int i = 0; i < PAIRS; i++) {
            contender.pool.execute(
                () -> {
                  CompletableFuture<@Nullable Void> ping = new CompletableFuture<>();
                  CompletableFuture<@Nullable Void> pong = new CompletableFuture<>();
                  contender.pool.execute(
                      () -> ping.thenRunAsync(() -> pong.complete(null), contender.pool));
                  ping.complete(null);
                  pong.thenRunAsync(done::one, contender.pool);
                });
          }
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(PAIRS)
  public void virtualThread() throws Exception {
    Done done = new Done(PAIRS);
    Contenders.startVirtual(
        () -> {
          for (int i = 0; i < PAIRS; i++) {
            Contenders.startVirtual(
                () -> {
                  CompletableFuture<@Nullable Void> ping = new CompletableFuture<>();
                  CompletableFuture<@Nullable Void> pong = new CompletableFuture<>();
                  Contenders.startVirtual(
                      () -> {
                        ping.join();
                        pong.complete(null);
                      });
                  ping.complete(null);
                  pong.join();
                  done.one();
                });
          }
        });
    done.await();
  }
}
