package dev.weft.perf.awaitcost;

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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * <b>Question:</b> what does it cost to suspend at an await and to be resumed, by itself, without a
 * scheduler?
 *
 * <p>One async call awaits {@value #AWAITS} futures one after the other, none of them complete. The
 * benchmark completes each after the call has suspended at it, on the same thread. One operation is
 * one such await: the future is made, the call suspends, the future is completed, the call is
 * resumed. EA Async and {@code thenCompose} resume inside {@code complete}; Weft queues the frame,
 * and the benchmark polls it from the queue, a linked list.
 *
 * <p><b>Whose bytes:</b> {@link #taskAlone} and {@link #futureAlone} make and complete the same
 * futures with nobody waiting. What a contender allocates beyond that is the await's. A contender's
 * own call (Weft: its one frame) is in there as well, divided by {@value #AWAITS}.
 *
 * <p><b>What would change the answer:</b> longer loops, for those whose chain of futures grows with
 * each suspension until the call ends (EA Async and {@code thenCompose}; the garbage collector then
 * has to copy it; they could not run {@link #weftLongCall}); for Weft, a frame that lives long, as
 * that of a connection does, and so is old to the garbage collector, whose barriers make each store
 * into it dearer; more live locals to save; another thread as the completer.
 *
 * <p><b>What it does not show:</b> a scheduler's share, and virtual threads, which cannot do
 * without theirs: both in {@link TaskSwitch}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {DrivenExecutor.EXECUTOR, DrivenExecutor.THREADS})
public class SuspendResume {
  static final int AWAITS = 1_000;

  /** What is awaited, and where Weft's frames are queued. */
  @State(Scope.Thread)
  public static class Tools {
    final Sources tasks = new Sources.OfTasks();
    final Sources futures = new Sources.OfFutures();
    final DrivenExecutor executor = DrivenExecutor.ofThisThread();
    @Nullable CompletableFuture<Integer> longCall;
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public void taskAlone(Tools tools, Blackhole blackhole) {
    alone(tools.tasks, blackhole);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public void futureAlone(Tools tools, Blackhole blackhole) {
    alone(tools.futures, blackhole);
  }

  private static void alone(Sources sources, Blackhole blackhole) {
    for (int i = 0; i < AWAITS; i++) {
      blackhole.consume(sources.get());
      sources.completeNext();
    }
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public int weft(Tools tools) {
    return weft(tools.tasks, tools.executor);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public int weftPlainFuture(Tools tools) {
    return weft(tools.futures, tools.executor);
  }

  /** The awaits of a call that goes on through all invocations. */
  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public boolean weftLongCall(Tools tools) {
    if (tools.longCall == null) {
      tools.longCall = WeftAwaits.loop(tools.tasks, Integer.MAX_VALUE);
    }
    for (int i = 0; i < AWAITS; i++) {
      tools.tasks.completeNext();
      tools.executor.pollNext();
    }
    return tools.longCall.isDone();
  }

  private static int weft(Sources sources, DrivenExecutor executor) {
    CompletableFuture<Integer> call = WeftAwaits.loop(sources, AWAITS);
    while (sources.completeNext()) {
      executor.pollNext();
    }
    return call.join();
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public int eaAsync(Tools tools, EaContender ea) {
    return inline(ea.loop.apply(tools.futures, AWAITS), tools.futures);
  }

  @Benchmark
  @OperationsPerInvocation(AWAITS)
  public int thenCompose(Tools tools) {
    return inline(ThenComposeAwaits.loop(tools.futures, AWAITS), tools.futures);
  }

  private static int inline(CompletableFuture<Integer> call, Sources sources) {
    while (sources.completeNext()) {
      // the call has gone on inside complete()
    }
    return call.join();
  }
}
