package dev.weft.perf.streamcost;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.stream.AsyncStream;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does an element of a generator cost, in time and in memory, if it is ready,
 * and if the generator waits before each?
 *
 * <p>One operation is one of {@value #ELEMENTS} elements, which a woven method awaits on the only
 * worker of an executor. The generator waits by a yield: it is suspended and polled again, and its
 * consumer too. The baseline is a loop of such yields without a generator.
 *
 * <p><b>What would change the answer:</b> an await of something that is allocated for each element,
 * such as a sleep or a read; elements that are allocated themselves.
 *
 * <p><b>What it does not show:</b> what a generator itself costs: one object, once in {@value
 * #ELEMENTS} elements, which is what little is left in the bytes for each; nor what a {@code
 * next()} costs that is not simply awaited, which makes a task of its own.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class GeneratedElements {
  static final int ELEMENTS = 100_000;

  private WorkStealingExecutor executor = WorkStealingExecutor.shared();

  /** Made where it is used: the one above is for the compiler alone. */
  @Setup
  public void open() {
    executor = WorkStealingExecutor.builder().noDriver().workers(1).build();
  }

  /** Ends it. */
  @TearDown
  public void close() {
    executor.close();
  }

  /** Elements that are there. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long ready() throws Exception {
    return executor.blockOn(() -> total(readyNumbers(ELEMENTS)));
  }

  /** A wait for each. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long suspending() throws Exception {
    return executor.blockOn(() -> total(numbersWithWaits(ELEMENTS)));
  }

  /** Elements that are there, through three operators. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long readyPiped() throws Exception {
    return executor.blockOn(() -> total(piped(readyNumbers(ELEMENTS))));
  }

  /** A wait for each, behind three operators. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long suspendingPiped() throws Exception {
    return executor.blockOn(() -> total(piped(numbersWithWaits(ELEMENTS))));
  }

  /** A wait for each, and drained by the stream itself. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long suspendingCount() throws Exception {
    return executor.blockOn(() -> piped(numbersWithWaits(ELEMENTS)).count());
  }

  /** As many waits, and no elements. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long yieldsAlone() throws Exception {
    return executor.blockOn(() -> yields(ELEMENTS));
  }

  private static AsyncStream<Integer> readyNumbers(int count) {
    for (int i = 0; i < count; i++) {
      emit(i & 63); // small ones are cached
    }
    return end();
  }

  private static AsyncStream<Integer> numbersWithWaits(int count) {
    for (int i = 0; i < count; i++) {
      await(Async.yieldNow());
      emit(i & 63);
    }
    return end();
  }

  private static AsyncStream<Integer> piped(AsyncStream<Integer> numbers) {
    return numbers.map(n -> n + 1).filter(n -> n > 0).take(ELEMENTS);
  }

  private static CompletableFuture<Long> total(AsyncStream<Integer> numbers) {
    long total = 0;
    try (numbers) {
      for (Integer n; (n = await(numbers.next())) != null; ) {
        total += n;
      }
    }
    return done(total);
  }

  private static CompletableFuture<Long> yields(int count) {
    for (int i = 0; i < count; i++) {
      await(Async.yieldNow());
    }
    return done((long) count);
  }
}
