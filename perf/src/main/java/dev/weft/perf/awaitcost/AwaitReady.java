package dev.weft.perf.awaitcost;

import dev.weft.Async;
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
 * <b>Question:</b> what does an async method pay for an await when the future is complete already,
 * as with a cached value or bytes that have arrived?
 *
 * <p>One operation is a call of an async method that awaits one complete future and returns another
 * that was there before, so nothing but the await can allocate. {@link #join} is the same method
 * with {@code join} in place of the await: the floor.
 *
 * <p><b>What would change the answer:</b> an executor, because on its threads a ready await also
 * counts against the coop budget ({@link #weftOnExecutor}); call sites that see many classes of
 * futures, since here the compiler sees one; a method too large to be compiled.
 *
 * <p><b>What it does not show:</b> the yield that every 129th ready await in a row makes (see
 * {@link AwaitLoop}); failed futures. {@link #thenCompose} does not look first whether the future
 * is complete, as few people do by hand. {@link #virtualThread} is {@code join} on JMH's own thread
 * made virtual.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AwaitReady {
  /** Complete futures, in fields that the compiler cannot take for constants. */
  @State(Scope.Thread)
  public static class Futures {
    CompletableFuture<Integer> task = Async.done(1);
    CompletableFuture<Integer> future = CompletableFuture.completedFuture(1);
    CompletableFuture<Integer> result = CompletableFuture.completedFuture(2);
  }

  /** The executor of JMH's thread. */
  @State(Scope.Thread)
  public static class Driven {
    final DrivenExecutor executor = DrivenExecutor.ofThisThread();
  }

  @Benchmark
  public CompletableFuture<Integer> join(Futures futures) {
    return VirtualThreadAwaits.once(futures.future, futures.result);
  }

  @Benchmark
  public CompletableFuture<Integer> weft(Futures futures) {
    return WeftAwaits.once(futures.task, futures.result);
  }

  @Benchmark
  public CompletableFuture<Integer> weftPlainFuture(Futures futures) {
    return WeftAwaits.once(futures.future, futures.result);
  }

  @Benchmark
  @Fork(
      value = 3,
      jvmArgsAppend = {DrivenExecutor.EXECUTOR, DrivenExecutor.THREADS})
  public CompletableFuture<Integer> weftOnExecutor(Futures futures, Driven driven) {
    driven.executor.resetBudget();
    return WeftAwaits.once(futures.task, futures.result);
  }

  @Benchmark
  public CompletableFuture<Integer> eaAsync(Futures futures, EaContender ea) {
    return ea.once.apply(futures.future, futures.result);
  }

  @Benchmark
  public CompletableFuture<Integer> thenCompose(Futures futures) {
    return ThenComposeAwaits.once(futures.future, futures.result);
  }

  @Benchmark
  @Fork(value = 3, jvmArgsAppend = "-Djmh.executor=VIRTUAL")
  public CompletableFuture<Integer> virtualThread(Futures futures) {
    return VirtualThreadAwaits.once(futures.future, futures.result);
  }
}
