package dev.weft.perf.awaitcost;

import dev.weft.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does an await cost in a loop of {@value #AWAITS}, when every future is
 * complete, and when every await lets the other tasks run?
 *
 * <p>One operation is one await. The calls are made one after the other, {@value #CALLS} of them
 * where they have to be sent to a scheduler's thread first, so that the trip does not count.
 *
 * <p>A yield is {@code await(yieldNow())} for Weft and {@code Thread.yield()} for a virtual thread.
 * EA Async has none: it awaits a future that its pool completes. By hand it is {@code
 * thenComposeAsync}. These two yield {@value #CHAINED} times in one call, of which the trip is a
 * part.
 *
 * <p><b>What would change the answer:</b> other tasks and sockets. A task that yields alone makes
 * the executor look for events after each yield, as Tokio's does; among a hundred others it would
 * be once for all of them.
 *
 * <p><b>What it does not show:</b> fairness between tasks. {@link #weftReadyOnWorker} and {@link
 * #weftYield} have the coop budget: every 129th ready await in a row is a yield. {@link #weftReady}
 * runs on JMH's thread, outside any executor, where there is no budget.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AwaitLoop {
  static final int AWAITS = 1_000;
  static final int CALLS = 100;
  static final int CHAINED = 20_000;

  /** Complete futures, time and again. */
  @State(Scope.Thread)
  public static class Ready {
    CompletableFuture<Integer> task = Async.done(1);
    CompletableFuture<Integer> future = CompletableFuture.completedFuture(1);
    final Supplier<CompletableFuture<?>> tasks = () -> task;
    final Supplier<CompletableFuture<?>> futures = () -> future;
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public CompletableFuture<Integer> weftReady(Ready ready) {
    return WeftAwaits.loop(ready.tasks, AWAITS);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS * CALLS)
  public int weftReadyOnWorker(Ready ready, TaskSwitch.OneWorker worker) throws Exception {
    return worker.executor.blockOn(() -> WeftAwaits.loops(ready.tasks, AWAITS, CALLS));
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public CompletableFuture<Integer> eaAsyncReady(Ready ready, EaContender ea) {
    return ea.loop.apply(ready.futures, AWAITS);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public CompletableFuture<Integer> thenComposeReady(Ready ready) {
    return ThenComposeAwaits.loop(ready.futures, AWAITS);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS * CALLS)
  @Fork(value = 3, jvmArgsAppend = TaskSwitch.ONE_CARRIER)
  public void virtualThreadReady(Ready ready) {
    VirtualThreadAwaits.join(
        VirtualThreadAwaits.start(
            () -> {
              for (int call = 0; call < CALLS; call++) {
                VirtualThreadAwaits.loop(ready.futures, AWAITS);
              }
            }));
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS * CALLS)
  public int weftYield(TaskSwitch.OneWorker worker) throws Exception {
    return worker.executor.blockOn(() -> WeftAwaits.loops(Async::yieldNow, AWAITS, CALLS));
  }

  @Benchmark
  @OperationsPerInvocation(CHAINED)
  public int eaAsyncYield(TaskSwitch.OnePoolThread thread, EaContender ea) {
    return ea.loop.apply(() -> CompletableFuture.runAsync(() -> {}, thread.pool), CHAINED).join();
  }

  @Benchmark
  @OperationsPerInvocation(CHAINED)
  public int thenComposeYield(Ready ready, TaskSwitch.OnePoolThread thread) {
    return ThenComposeAwaits.loop(ready.futures, CHAINED, thread.pool).join();
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS * CALLS)
  @Fork(value = 3, jvmArgsAppend = TaskSwitch.ONE_CARRIER)
  @SuppressWarnings("ThreadPriorityCheck") // the yield is what is measured
  public void virtualThreadYield() {
    VirtualThreadAwaits.join(
        VirtualThreadAwaits.start(
            () -> {
              for (int i = 0; i < AWAITS * CALLS; i++) {
                Thread.yield();
              }
            }));
  }
}
