package dev.weft.perf.streamcost;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.stream.AsyncStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * <b>Question:</b> what does an element cost that is there already and goes through {@code map},
 * {@code filter} and {@code take}, and what if it is handed from one task to another?
 *
 * <p>One operation is one of {@value #ELEMENTS} elements, of which a filter lets every second one
 * through. The baselines: {@code java.util.stream} for what need not wait, and the JDK's {@code
 * SubmissionPublisher} to a subscriber on a pool for what goes from one task to another.
 *
 * <p><b>What would change the answer:</b> functions that do something, which would hide all of it;
 * and an executor with other tasks, where every 128th element lets them run.
 *
 * <p><b>What it does not show:</b> elements that have to be waited for, and those of generators:
 * {@link GeneratedElements} does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReadyElements {
  static final int ELEMENTS = 100_000;

  /** An executor with two workers. */
  @State(Scope.Benchmark)
  public static class Workers {
    WorkStealingExecutor executor = WorkStealingExecutor.shared();

    /** Made where it is used: the one above is for the compiler alone. */
    @Setup
    public void open() {
      executor = WorkStealingExecutor.builder().noDriver().workers(2).build();
    }

    /** Ends it. */
    @TearDown
    public void close() {
      executor.close();
    }
  }

  private static AsyncStream<Integer> piped() {
    return AsyncStream.from(new Ones(ELEMENTS))
        .map(n -> n + 1)
        .filter(n -> (n & 1) == 0)
        .take(ELEMENTS);
  }

  /** Drained by the stream itself. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long count() {
    return piped().count().join();
  }

  /** Each element awaited by a woven method, outside any executor. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long next() {
    return total(piped()).join();
  }

  /** The same as a task of an executor, with the coop budget. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long nextOnWorker(Workers workers) throws Exception {
    return workers.executor.blockOn(() -> total(piped()));
  }

  static CompletableFuture<Long> total(AsyncStream<Integer> stream) {
    long total = 0;
    for (Integer n; (n = Async.await(stream.next())) != null; ) {
      total += n;
    }
    return Async.done(total);
  }

  /** {@code java.util.stream}, which cannot wait. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long jdkStream() {
    Ones ones = new Ones(ELEMENTS);
    return Stream.generate(ones::next)
        .limit(ELEMENTS)
        .map(n -> n + 1)
        .filter(n -> (n & 1) == 0)
        .limit(ELEMENTS)
        .count();
  }

  /** From a task of its own, 256 ahead. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long buffered(Workers workers) throws Exception {
    return workers.executor.blockOn(() -> piped().buffer(256).count());
  }

  /** The JDK's own, with its buffer of 256 and the same functions. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long submissionPublisher(Workers workers) throws Exception {
    Counting counting = new Counting();
    try (SubmissionPublisher<Integer> publisher =
        new SubmissionPublisher<>(workers.executor, 256)) {
      publisher.subscribe(counting);
      Ones ones = new Ones(ELEMENTS);
      while (ones.hasNext()) {
        int n = ones.next() + 1;
        if ((n & 1) == 0) {
          publisher.submit(n);
        }
      }
    }
    counting.ended.await();
    return counting.count;
  }

  private static final class Counting implements Flow.Subscriber<Integer> {
    final CountDownLatch ended = new CountDownLatch(1);
    long count;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Integer element) {
      count++;
    }

    @Override
    public void onError(Throwable error) {
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }
  }
}
