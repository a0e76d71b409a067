package dev.weft.perf.awaitcost;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost when the future at the bottom of ten async calls fails, and
 * the failure goes up through all ten awaits to a handler? Once without a suspension, and once with
 * all ten suspended. One operation is all ten. The exception is always the same one; by the
 * benchmarks with {@code Anew} in their names it is made each time, with a stack trace.
 *
 * <p><b>What would change the answer:</b> handlers on the way. EA Async, {@code thenCompose} and
 * {@code join} make a {@code CompletionException} of it, with a stack trace of its own, which is in
 * the figure; Weft throws what the future failed with. It completes the stack trace of an exception
 * by the calls that await, once, so that a new one costs more than one that was thrown before; with
 * {@code -jvmArgs -Ddev.weft.asyncTraces=false} it does not.
 *
 * <p><b>What it does not show:</b> programs in which each failure prints its trace.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {DrivenExecutor.EXECUTOR, DrivenExecutor.THREADS})
public class Exceptions {
  private static final int CALLS = CallChain.CALLS;

  /** What is awaited, and where Weft's frames are queued. */
  @State(Scope.Thread)
  public static class Tools {
    final IllegalStateException error = new IllegalStateException("always the same");
    final CompletableFuture<Integer> ready = CompletableFuture.failedFuture(error);
    final DrivenExecutor executor = DrivenExecutor.ofThisThread();

    void settle(CompletableFuture<Integer> awaited) {
      awaited.completeExceptionally(error);
    }

    void settleAnew(CompletableFuture<Integer> awaited) {
      awaited.completeExceptionally(new IllegalStateException("made each time"));
    }

    CompletableFuture<Integer> failedAnew() {
      return CompletableFuture.failedFuture(new IllegalStateException("made each time"));
    }
  }

  @Benchmark
  public CompletableFuture<Integer> weftReady(Tools tools) {
    tools.executor.resetBudget();
    return WeftAwaits.caught(tools.ready, CALLS);
  }

  @Benchmark
  public int weftSuspended(Tools tools) {
    CompletableFuture<Integer> awaited = new Task<>();
    CompletableFuture<Integer> call = WeftAwaits.caught(awaited, CALLS);
    tools.settle(awaited);
    return tools.executor.finish(call);
  }

  @Benchmark
  public CompletableFuture<Integer> eaAsyncReady(Tools tools, EaContender ea) {
    return ea.caught.apply(tools.ready, CALLS);
  }

  @Benchmark
  public int eaAsyncSuspended(Tools tools, EaContender ea) {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    CompletableFuture<Integer> call = ea.caught.apply(awaited, CALLS);
    tools.settle(awaited);
    return call.join();
  }

  @Benchmark
  public CompletableFuture<Integer> thenComposeReady(Tools tools) {
    return ThenComposeAwaits.caught(tools.ready, CALLS);
  }

  @Benchmark
  public int thenComposeSuspended(Tools tools) {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    CompletableFuture<Integer> call = ThenComposeAwaits.caught(awaited, CALLS);
    tools.settle(awaited);
    return call.join();
  }

  /** Nobody waits, so it need not be a virtual thread. */
  @Benchmark
  public int virtualThreadReady(Tools tools) {
    return VirtualThreadAwaits.caught(tools.ready, CALLS);
  }

  @Benchmark
  public CompletableFuture<Integer> weftReadyAnew(Tools tools) {
    tools.executor.resetBudget();
    return WeftAwaits.caught(tools.failedAnew(), CALLS);
  }

  @Benchmark
  public int weftSuspendedAnew(Tools tools) {
    CompletableFuture<Integer> awaited = new Task<>();
    CompletableFuture<Integer> call = WeftAwaits.caught(awaited, CALLS);
    tools.settleAnew(awaited);
    return tools.executor.finish(call);
  }

  @Benchmark
  public CompletableFuture<Integer> eaAsyncReadyAnew(Tools tools, EaContender ea) {
    return ea.caught.apply(tools.failedAnew(), CALLS);
  }

  @Benchmark
  public int eaAsyncSuspendedAnew(Tools tools, EaContender ea) {
    CompletableFuture<Integer> awaited = new CompletableFuture<>();
    CompletableFuture<Integer> call = ea.caught.apply(awaited, CALLS);
    tools.settleAnew(awaited);
    return call.join();
  }

  /** Nobody waits, so it need not be a virtual thread. */
  @Benchmark
  public int virtualThreadReadyAnew(Tools tools) {
    return VirtualThreadAwaits.caught(tools.failedAnew(), CALLS);
  }
}
