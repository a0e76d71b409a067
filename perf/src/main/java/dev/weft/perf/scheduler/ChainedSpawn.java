package dev.weft.perf.scheduler;

import dev.weft.Async;
import dev.weft.Task;
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
 * <b>Question:</b> what does it cost when each task starts the next and ends? Tokio's {@code
 * chained_spawn}: 1,000 in a chain.
 *
 * <p><b>What would change the answer:</b> whether the next task stays on the worker (the LIFO slot)
 * or others come to get it. The hand-over from the benchmark's thread and back, some 10 to 20 us,
 * is part of the figure: {@link #weftLong} has a chain a hundred times as long.
 *
 * <p><b>What it does not show:</b> two chains at once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class ChainedSpawn {
  static final int LENGTH = 1_000;
  static final int GREAT_LENGTH = 100 * LENGTH;

  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void weft(Contenders.Weft weft) throws Exception {
    Done done = new Done(1);
    weft.executor.spawn(() -> weft(weft, done, LENGTH));
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(GREAT_LENGTH)
  public void weftLong(Contenders.Weft weft) throws Exception {
    Done done = new Done(1);
    weft.executor.spawn(() -> weft(weft, done, GREAT_LENGTH));
    done.await();
  }

  private static Task<@Nullable Void> weft(Contenders.Weft weft, Done done, int left) {
    if (left == 0) {
      done.one();
    } else {
      weft.executor.spawn(() -> weft(weft, done, left - 1));
    }
    return Async.done();
  }

  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void forkJoinPool(Contenders.Pool contender) throws Exception {
    Done done = new Done(1);
    contender.pool.execute(() -> pool(contender, done, LENGTH));
    done.await();
  }

  private static void pool(Contenders.Pool contender, Done done, int left) {
    if (left == 0) {
      done.one();
    } else {
      contender.pool.execute(() -> pool(contender, done, left - 1));
    }
  }

  @Benchmark
  @OperationsPerInvocation(LENGTH)
  public void virtualThread() throws Exception {
    Done done = new Done(1);
    Contenders.startVirtual(() -> virtual(done, LENGTH));
    done.await();
  }

  private static void virtual(Done done, int left) {
    if (left == 0) {
      done.one();
    } else {
      Contenders.startVirtual(() -> virtual(done, left - 1));
    }
  }
}
