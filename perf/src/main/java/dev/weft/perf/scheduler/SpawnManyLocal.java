package dev.weft.perf.scheduler;

import dev.weft.Async;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost to start a task from a task, and to run it? Tokio's {@code
 * spawn_many_local}: one task starts 10,000 that do nothing but count.
 *
 * <p><b>What would change the answer:</b> how far the local queue overflows, as all are started
 * before the first one runs on that worker; how fast the other worker comes and steals.
 *
 * <p><b>What it does not show:</b> tasks that suspend; the counter that all of them share is part
 * of the figure, some 10 ns when both workers write to it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class SpawnManyLocal {
  static final int TASKS = 10_000;

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void weft(Contenders.Weft weft) throws Exception {
    Done done = new Done(TASKS);
    weft.executor.spawn(
        () -> {
          for (int i = 0; i < TASKS; i++) {
            weft.executor.spawn(
                () -> {
                  done.one();
                  return Async.done();
                });
          }
          return Async.done();
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void forkJoinPool(Contenders.Pool contender) throws Exception {
    Done done = new Done(TASKS);
    contender.pool.execute(
        () -> {
          for (int i = 0; i < TASKS; i++) {
            contender.pool.execute(done::one);
          }
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void virtualThread() throws Exception {
    Done done = new Done(TASKS);
    Contenders.startVirtual(
        () -> {
          for (int i = 0; i < TASKS; i++) {
            Contenders.startVirtual(done::one);
          }
        });
    done.await();
  }
}
