package dev.weft.perf.scheduler;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
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
 * <b>Question:</b> what does it cost to let the others run? Tokio's {@code yield_many}: 200 tasks
 * that yield 1,000 times each.
 *
 * <p><b>What would change the answer:</b> fewer tasks. A yield comes with a look at the clock, and
 * at sockets where there are any, and that is shared by all that yield at the same time.
 *
 * <p><b>What it does not show:</b> suspending deep in a chain of calls, which virtual threads pay
 * for by copying their stack. A pool has no yield; here its tasks queue themselves anew.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class YieldMany {
  static final int TASKS = 200;
  static final int YIELDS = 1_000;

  @Benchmark
  @OperationsPerInvocation(TASKS * YIELDS)
  public void weft(Contenders.Weft weft) throws Exception {
    List<Task<@Nullable Void>> tasks = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      tasks.add(weft.executor.spawn(() -> WeftTasks.yields(YIELDS)));
    }
    weft.executor.blockOn(() -> WeftTasks.all(tasks));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * YIELDS)
  public void forkJoinPool(Contenders.Pool contender) throws Exception {
    Done done = new Done(TASKS);
    for (int i = 0; i < TASKS; i++) {
      contender.pool.execute(
          new Runnable() {
            private int left = YIELDS;

            @Override
            public void run() {
              if (left-- == 0) {
                done.one();
              } else {
                contender.pool.execute(this);
              }
            }
          });
    }
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * YIELDS)
  @SuppressWarnings("ThreadPriorityCheck") // the yield is what is measured
  public void virtualThread() throws Exception {
    Done done = new Done(TASKS);
    for (int i = 0; i < TASKS; i++) {
      Contenders.startVirtual(
          () -> {
            for (int left = YIELDS; left > 0; left--) {
              Thread.yield();
            }
            done.one();
          });
    }
    done.await();
  }
}
