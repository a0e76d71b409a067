package dev.weft.perf.awaitcost;

import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost when a task wakes another one and waits for it, both on one
 * thread of a real scheduler?
 *
 * <p>Two tasks hand a baton to each other: make the future that I shall wait for, complete the
 * other task's, await mine. One operation is one hand-over: a future, a completion, a suspension, a
 * trip through the scheduler's queue, a resumption. One thread each: a {@link WorkStealingExecutor}
 * of one worker, virtual threads on one carrier, a {@link ForkJoinPool} of one for the others, who
 * must send the completion through it, because they would resume the other task on top of their own
 * stack.
 *
 * <p><b>Whose bytes:</b> a future is 24 bytes, Weft's task as well. {@link #virtualThreadPark} has
 * none; what it allocates is an entry in its scheduler's queue.
 *
 * <p><b>What would change the answer:</b> a second thread, and with it wake-ups and caches that
 * travel; deep stacks, which a virtual thread copies as it is unmounted; other tasks in the queue.
 *
 * <p><b>What it does not show:</b> I/O: the executor has no driver here.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class TaskSwitch {
  /** So many that the hand-over from JMH's thread and back, some 20 us, does not count. */
  static final int ROUNDS = 50_000;

  /** For those whose chain of futures grows with each round; see {@link SuspendResume}. */
  static final int ROUNDS_OF_CHAINS = 5_000;

  static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

  /** Weft's scheduler. */
  @State(Scope.Benchmark)
  public static class OneWorker {
    final WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build();

    /** Ends it. */
    @TearDown
    public void close() {
      executor.close();
    }
  }

  /** The JDK's. */
  @State(Scope.Benchmark)
  public static class OnePoolThread {
    final ForkJoinPool pool =
        new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);

    /** Ends it. */
    @TearDown
    public void close() {
      pool.shutdown();
    }
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS)
  public void weft(OneWorker worker) throws Exception {
    weft(worker.executor, new Baton(new Sources.OfTasks(), new Sources.OfTasks(), null));
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS)
  public void weftPlainFuture(OneWorker worker) throws Exception {
    weft(worker.executor, new Baton(new Sources.OfFutures(), new Sources.OfFutures(), null));
  }

  private static void weft(WorkStealingExecutor executor, Baton baton) throws Exception {
    executor.blockOn(
        () -> {
          CompletableFuture<Integer> ping = WeftAwaits.loop(baton.ping, ROUNDS);
          CompletableFuture<Integer> pong = WeftAwaits.loop(baton.pong, ROUNDS);
          ping.whenComplete((awaits, error) -> baton.release());
          return pong;
        });
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS_OF_CHAINS)
  public void eaAsync(OnePoolThread thread, EaContender ea) {
    Baton baton = new Baton(new Sources.OfFutures(), new Sources.OfFutures(), thread.pool);
    CompletableFuture.supplyAsync(
            () -> {
              CompletableFuture<Integer> ping = ea.loop.apply(baton.ping, ROUNDS_OF_CHAINS);
              CompletableFuture<Integer> pong = ea.loop.apply(baton.pong, ROUNDS_OF_CHAINS);
              ping.whenComplete((awaits, error) -> baton.release());
              return pong;
            },
            thread.pool)
        .join()
        .join();
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS_OF_CHAINS)
  public void thenCompose(OnePoolThread thread) {
    Baton baton = new Baton(new Sources.OfFutures(), new Sources.OfFutures(), thread.pool);
    CompletableFuture.supplyAsync(
            () -> {
              CompletableFuture<Integer> ping =
                  ThenComposeAwaits.loop(baton.ping, ROUNDS_OF_CHAINS);
              CompletableFuture<Integer> pong =
                  ThenComposeAwaits.loop(baton.pong, ROUNDS_OF_CHAINS);
              ping.whenComplete((awaits, error) -> baton.release());
              return pong;
            },
            thread.pool)
        .join()
        .join();
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS)
  @Fork(value = 3, jvmArgsAppend = ONE_CARRIER)
  public void virtualThreadPark() {
    ParkingPair.run(ROUNDS);
  }

  @Benchmark
  @OperationsPerInvocation(2 * ROUNDS)
  @Fork(value = 3, jvmArgsAppend = ONE_CARRIER)
  public void virtualThreadFuture() {
    Baton baton = new Baton(new Sources.OfFutures(), new Sources.OfFutures(), null);
    Thread ping =
        VirtualThreadAwaits.start(
            () -> {
              VirtualThreadAwaits.loop(baton.ping, ROUNDS);
              baton.release();
            });
    Thread pong = VirtualThreadAwaits.start(() -> VirtualThreadAwaits.loop(baton.pong, ROUNDS));
    VirtualThreadAwaits.join(ping);
    VirtualThreadAwaits.join(pong);
  }
}
