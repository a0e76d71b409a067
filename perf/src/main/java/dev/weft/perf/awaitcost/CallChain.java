package dev.weft.perf.awaitcost;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what do ten async calls cost that await each other, when the future at the
 * bottom is complete, and when all ten have to suspend? One operation is all ten.
 *
 * <p><b>What would change the answer:</b> more live locals; calls of different methods, as the
 * compiler sees but one here and may inline some levels of it. Weft's calls of each other return
 * the bare value. {@link #weftReady} calls them as code that is not async does, which gets a
 * complete future of 24 bytes; {@link #weftReadyAwaited} as an async method does.
 *
 * <p><b>What it does not show:</b> a scheduler's share. Weft resumes the ten frames one by one from
 * a queue; EA Async and {@code thenCompose} inside {@code complete}, each level deeper on the
 * stack. {@link #virtualThreadSuspended} has to start a thread for it, which is part of the figure,
 * and resumes once, with all ten calls on its stack.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {DrivenExecutor.EXECUTOR, DrivenExecutor.THREADS})
public class CallChain {
  static final int CALLS = 10;

  /** Fewer than the coop budget: each of them awaits something once. */
  static final int CHAINS = 100;

  /** What is awaited, and where Weft's frames are queued. */
  @State(Scope.Thread)
  public static class Tools {
    final CompletableFuture<Integer> ready = CompletableFuture.completedFuture(1);
    final DrivenExecutor executor = DrivenExecutor.ofThisThread();

    void settle(CompletableFuture<Integer> awaited) {
      awaited.complete(1);
    }
  }

  @Benchmark
  public CompletableFuture<Integer> weftReady(Tools tools) {
    tools.executor.resetBudget();
    return WeftAwaits.chain(tools.ready, CALLS);
  }

  @Benchmark
  @OperationsPerInvocation(CHAINS)
  public CompletableFuture<Integer> weftReadyAwaited(Tools tools) {
    tools.executor.resetBudget();
    return WeftAwaits.chains(tools.ready, CALLS, CHAINS);
  }

  @Benchmark
  public int weftSuspended(Tools tools) {
    CompletableFuture<Integer> awaited = new Task<>();
    CompletableFuture<Integer> call = WeftAwaits.chain(awaited, CALLS);
    tools.settle(awaited);
    return tools.executor.finish(call);
  }

  @Benchmark
  public CompletableFuture<Integer> eaAsyncReady(Tools tools, EaContender ea) {
    return ea.chain.apply(tools.ready, CALLS);
  }

  @Benchmark
  public int eaAsyncSuspended(Tools tools, EaContender ea) {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    CompletableFuture<Integer> call = ea.chain.apply(awaited, CALLS);
    tools.settle(awaited);
    return call.join();
  }

  @Benchmark
  public CompletableFuture<Integer> thenComposeReady(Tools tools) {
    return ThenComposeAwaits.chain(tools.ready, CALLS);
  }

  @Benchmark
  public int thenComposeSuspended(Tools tools) {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    CompletableFuture<Integer> call = ThenComposeAwaits.chain(awaited, CALLS);
    tools.settle(awaited);
    return call.join();
  }

  /** Nobody waits, so it need not be a virtual thread. */
  @Benchmark
  public int virtualThreadReady(Tools tools) {
    return VirtualThreadAwaits.chain(tools.ready, CALLS);
  }

  /** On one carrier, the thread that is started runs while the one that starts it yields. */
  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {
        "-Djmh.executor=VIRTUAL",
        "-Djdk.virtualThreadScheduler.parallelism=1",
        "-Djdk.virtualThreadScheduler.maxPoolSize=1"
      })
  @SuppressWarnings("ThreadPriorityCheck") // it is how the other one gets the carrier
  public boolean virtualThreadSuspended() {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    Thread waiting = VirtualThreadAwaits.start(() -> VirtualThreadAwaits.chain(awaited, CALLS));
    Thread.yield();
    awaited.complete(1);
    VirtualThreadAwaits.join(waiting);
    return awaited.isDone();
  }
}
